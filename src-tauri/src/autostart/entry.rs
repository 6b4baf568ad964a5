//! The entry on Linux. The plugin writes the program's path as it is, and a desktop reads a line of words: a path with a
//! space in it would be two of them. So the line is written anew, as the Desktop Entry Specification wants it.

use std::path::{Path, PathBuf};
use std::{fs, io};

use tauri::{AppHandle, Manager};
use usher_agent::Directories;

use super::ARGUMENT;

/// Makes the entry that the plugin has just written start this very program, wherever it lies.
pub(super) fn quote(app: &AppHandle) -> io::Result<()> {
    let program = match app.env().appimage {
        Some(image) => PathBuf::from(image),
        None => std::env::current_exe()?,
    };
    let places = Directories::from_env().map_err(io::Error::other)?;
    let Some(entry) = places.autostart else { return Ok(()) };
    let text = fs::read_to_string(&entry)?;
    fs::write(&entry, starting(&text, &program)?)
}

/// The text of an entry with another program in it.
fn starting(text: &str, program: &Path) -> io::Result<String> {
    let program = program.to_str().ok_or_else(|| {
        let why = "the path of the program is no text, and an entry is; move the program elsewhere";
        io::Error::new(io::ErrorKind::InvalidInput, why)
    })?;
    let exec = format!("Exec={} {ARGUMENT}", word(program));
    let line = |line| if str::starts_with(line, "Exec=") { exec.as_str() } else { line };
    Ok(text.lines().map(line).flat_map(|line| [line, "\n"]).collect())
}

/// One word of the line, in quotes, with what means something in them escaped. A backslash means something twice: to
/// whoever reads the file, and to whoever reads the line.
fn word(text: &str) -> String {
    let mut word = String::from('"');
    for letter in text.chars() {
        match letter {
            '\\' => word.push_str(r"\\\\"),
            '"' | '`' | '$' => word.extend([r"\\", letter.encode_utf8(&mut [0; 4])]),
            '%' => word.push_str("%%"),
            '\n' => word.push_str(r"\n"),
            '\r' => word.push_str(r"\r"),
            '\t' => word.push_str(r"\t"),
            letter => word.push(letter),
        }
    }
    word + "\""
}

#[cfg(test)]
mod tests {
    use super::*;

    const WRITTEN: &str =
        "[Desktop Entry]\nType=Application\nName=Usher\nExec=/a b/usher --hidden\nTerminal=false";

    /// The words a desktop makes of the line: the file's escapes undone, field codes expanded, quotes taken off by GLib.
    fn read(entry: &str) -> Vec<String> {
        let line = entry.lines().find_map(|line| line.strip_prefix("Exec=")).unwrap();
        let mut value = String::new();
        let mut letters = line.chars();
        while let Some(letter) = letters.next() {
            match (letter, letter == '\\') {
                (_, true) => value.push(match letters.next().unwrap() {
                    'n' => '\n',
                    'r' => '\r',
                    't' => '\t',
                    's' => ' ',
                    other => other,
                }),
                (letter, false) => value.push(letter),
            }
        }
        let words = glib::shell_parse_argv(value.replace("%%", "%")).unwrap();
        words.into_iter().map(|word| word.into_string().unwrap()).collect()
    }

    #[test]
    fn a_path_is_one_word_whatever_is_in_it() {
        for program in [
            "/usr/bin/usher-desktop",
            "/home/me/My Apps/usher-desktop",
            "/o'k/\"quoted\"/$HOME/`id`/back\\slash/100%/%f/a;b&c>d|e~#*?(x)",
            "/Anw\u{e9}nd\u{fc}ngen/\u{2615}\ttab\nline",
            "/\\\\\"\\$",
        ] {
            let entry = starting(WRITTEN, Path::new(program)).unwrap();
            assert_eq!(read(&entry), [program, "--hidden"], "{entry}");
            assert_eq!(entry.lines().count(), WRITTEN.lines().count(), "{entry}");
        }
    }

    #[test]
    fn the_rest_of_the_entry_stays() {
        let entry = starting(WRITTEN, Path::new("/x")).unwrap();
        assert_eq!(entry, WRITTEN.replace("Exec=/a b/usher --hidden", "Exec=\"/x\" --hidden") + "\n");
    }

    #[test]
    fn a_path_that_is_no_text_is_refused() {
        use std::os::unix::ffi::OsStringExt;
        let odd = PathBuf::from(std::ffi::OsString::from_vec(b"/caf\xe9".to_vec()));
        assert!(starting(WRITTEN, &odd).unwrap_err().to_string().contains("is no text"));
    }
}
