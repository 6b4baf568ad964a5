//! The flags of `usher-desktop`. Four words do not need a parser's weight in a process that is always there.

/// What the command line asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wanted {
    /// Be the tray process.
    Tray(Opening),
    /// Be the window process: internal, started by the tray process.
    Window,
    /// Print the version.
    Version,
    /// Print the help.
    Help,
}

/// Whether the tray process opens the window when it starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Opening {
    /// `--show`: yes.
    Show,
    /// `--hidden`: no, whatever the reason.
    Hidden,
    /// Only where the starter should be offered.
    FirstRun,
}

/// The text of `--help`.
pub(crate) const HELP: &str = "\
Usher's tray: watches folders and does what the rules say.

Usage: usher-desktop [OPTION]

  --show      open the window at start; a second launch opens it too
  --hidden    never open the window at start (used by launch at login)
  --version   print the version
  --help      print this help

Where there is no desktop, `usher watch` does the same without a tray.
";

/// Reads the arguments after the program's name.
pub(crate) fn parse(arguments: impl IntoIterator<Item = String>) -> Result<Wanted, String> {
    let mut wanted = Wanted::Tray(Opening::FirstRun);
    for argument in arguments {
        wanted = match argument.as_str() {
            "--show" => Wanted::Tray(Opening::Show),
            "--hidden" => Wanted::Tray(Opening::Hidden),
            "--window" => Wanted::Window,
            "--version" | "-V" => return Ok(Wanted::Version),
            "--help" | "-h" => return Ok(Wanted::Help),
            other => {
                return Err(format!(
                    "`{other}` is not an option of usher-desktop; see `usher-desktop --help`"
                ));
            }
        };
    }
    Ok(wanted)
}

/// Whether a second launch with these arguments wants the window.
///
/// A bare second launch does: the person looked for Usher and started it. Launch at login does not.
pub(crate) fn second_launch_shows(arguments: &[String]) -> bool {
    !arguments.iter().any(|argument| argument == "--hidden")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(arguments: &[&str]) -> Result<Wanted, String> {
        parse(arguments.iter().map(ToString::to_string))
    }

    #[test]
    fn flags_are_read() {
        assert_eq!(read(&[]), Ok(Wanted::Tray(Opening::FirstRun)));
        assert_eq!(read(&["--show"]), Ok(Wanted::Tray(Opening::Show)));
        assert_eq!(read(&["--hidden"]), Ok(Wanted::Tray(Opening::Hidden)));
        assert_eq!(read(&["--window"]), Ok(Wanted::Window));
        assert_eq!(read(&["--show", "--version"]), Ok(Wanted::Version));
    }

    #[test]
    fn an_unknown_flag_is_named() {
        insta::assert_snapshot!(
            read(&["--tray"]).expect_err("refused"),
            @"`--tray` is not an option of usher-desktop; see `usher-desktop --help`"
        );
    }

    #[test]
    fn a_second_launch_shows_the_window_unless_it_is_hidden() {
        assert!(second_launch_shows(&["usher-desktop".to_owned()]));
        assert!(!second_launch_shows(&["usher-desktop".to_owned(), "--hidden".to_owned()]));
    }
}
