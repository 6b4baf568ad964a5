//! Plain text files.

use usher_event::{Sentence, sentence};

/// The text of a file that is text, line ends made `\n`.
pub(super) fn text(bytes: Vec<u8>) -> Result<String, Sentence> {
    let text = String::from_utf8(bytes).map_err(|_| sentence!("content-not-utf8", "it is not UTF-8 text"))?;
    match text.contains('\r') {
        true => Ok(text.replace("\r\n", "\n").replace('\r', "\n")),
        false => Ok(text),
    }
}
