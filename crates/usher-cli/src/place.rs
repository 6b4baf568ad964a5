//! Paths from the command line, as the control API takes them: absolute, and mostly text.

use std::path::{Path, PathBuf};

use crate::failure::Failure;
use crate::owner;

/// The absolute path. No link is followed and nothing has to be there. A `~/` that quotes have kept from the shell means
/// the home directory.
pub(crate) fn whole(path: &Path) -> Result<PathBuf, Failure> {
    if let Ok(below) = path.strip_prefix("~")
        && std::fs::symlink_metadata("~").is_err()
    {
        return Ok(owner::directories()?.home.join(below));
    }
    std::path::absolute(path).map_err(|error| {
        Failure::arguments(format!("{} is not a path: {error}", path.display()))
            .hint("give the whole path, and see whether the working directory is still there")
    })
}

/// The same as text.
pub(crate) fn absolute(path: &Path) -> Result<String, Failure> {
    whole(path)?.into_os_string().into_string().map_err(|path| {
        let shown = path.to_string_lossy();
        Failure::arguments(format!("{shown} is not text that Usher can pass on"))
            .hint("name the folder it lies in, or give it a name in UTF-8")
    })
}
