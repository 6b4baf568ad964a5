//! Names that grow out of others: `a.txt.bak` out of `a.txt`.

use std::path::Path;

/// Whether the name of a new file has grown out of another one's: it is longer and holds the whole of that without its
/// ending, or it is the same and the file lies deeper.
pub(super) fn grows(old: &Path, new: &Path) -> bool {
    let (Some(old_name), Some(new_name), Some(stem)) = (old.file_name(), new.file_name(), old.file_stem())
    else {
        return false;
    };
    if old_name == new_name {
        let (old, new) = (old.parent(), new.parent());
        return old != new && old.zip(new).is_some_and(|(old, new)| new.starts_with(old));
    }
    new_name.len() > old_name.len() && holds(new_name.as_encoded_bytes(), stem.as_encoded_bytes())
}

/// Whether `part` is in `whole`: not in the midst of a word, and not only because it is the beginning or the end of a longer
/// number. `page10` has nothing to do with `page1`.
fn holds(whole: &[u8], part: &[u8]) -> bool {
    let digit = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_digit);
    let ends_word =
        |byte: Option<&u8>| byte.is_none_or(|byte| byte.is_ascii() && !byte.is_ascii_alphanumeric());
    !part.is_empty()
        && whole.windows(part.len()).enumerate().any(|(at, window)| {
            let before = at.checked_sub(1).and_then(|at| whole.get(at));
            let after = whole.get(at + part.len());
            let cut = digit(before) && digit(part.first()) || digit(after) && digit(part.last());
            window == part && !cut && (ends_word(before) || ends_word(after))
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_grow_by_what_is_put_before_or_behind_them_and_by_a_folder_below() {
        for (old, new) in [
            ("/in/a.txt", "/in/a.txt.bak"),
            ("/in/a.txt", "/in/xa.txt"),
            ("/in/a.txt", "/out/a_small.png"),
            ("/in/scan.pdf", "/in/scan2.pdf"),
            ("/in/1", "/in/copy of 1"),
            ("/in/a.txt", "/in/sub/a.txt"),
        ] {
            assert!(grows(Path::new(old), Path::new(new)), "{old} {new}");
        }
        for (old, new) in [
            ("/in/page1.png", "/in/page10.png"),
            ("/in/1", "/in/21"),
            ("/in/a.tar.gz", "/in/a.tar"),
            ("/in/a.txt", "/in/a.pdf"),
            ("/in/sub/a.txt", "/in/a.txt"),
            ("/in/a/x", "/in/b/x"),
            ("/in/a.txt", "/in/a.txt"),
            ("/in/first.txt", "/in/second.txt.bak"),
            ("/in/a.txt", "/in/b.txt.bak"),
        ] {
            assert!(!grows(Path::new(old), Path::new(new)), "{old} {new}");
        }
    }
}
