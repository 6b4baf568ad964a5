//! Paths from the command line, as the control API takes them: absolute, and text.

use std::path::Path;

use crate::failure::Failure;

/// The absolute path as text. No link is followed and nothing has to be there.
pub(crate) fn absolute(path: &Path) -> Result<String, Failure> {
    let full = std::path::absolute(path).map_err(|error| {
        Failure::arguments(format!("{} is not a path: {error}", path.display()))
            .hint("give the whole path, and see whether the working directory is still there")
    })?;
    full.into_os_string().into_string().map_err(|path| {
        let shown = path.to_string_lossy();
        Failure::arguments(format!("{shown} is not text that Usher can pass on"))
            .hint("name the folder it lies in, or give it a name in UTF-8")
    })
}
