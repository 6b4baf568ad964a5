//! Where Usher's files lie, platform by platform.
//!
//! Working the places out costs nothing and makes nothing. Only an owner makes directories, and only when it starts.

use std::io;
use std::path::{Path, PathBuf};

use etcetera::BaseStrategy;

use crate::api::{Places, UserFolders};
use crate::present::shown;

/// What the entry is called that starts Usher with the session.
pub const AUTOSTART_NAME: &str = "Usher";

/// What the window's web engine calls its folder; the identifier in `tauri.conf.json`.
const WEBVIEW_NAME: &str = "org.usher.Usher";

/// Every place Usher reads or writes, apart from the folders that rules are about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Directories {
    /// The user's home.
    pub home: PathBuf,
    /// Where programs keep the user's data; on Linux the home trash lies there.
    pub data_home: PathBuf,
    /// What the user writes: rules and settings.
    pub config: PathBuf,
    /// The folder of the rule files.
    pub rules: PathBuf,
    /// The settings file.
    pub settings: PathBuf,
    /// What Usher remembers: journal, vault, logs.
    pub state: PathBuf,
    /// The folder of the logs.
    pub logs: PathBuf,
    /// The folder of the socket. Only this user may look into it.
    pub runtime: PathBuf,
    /// The control socket; on Windows the name of a pipe.
    pub socket: PathBuf,
    /// The file an owner keeps locked.
    pub lock: PathBuf,
    /// The entry that starts Usher with the session, where the platform has a file for it. Only the tray writes it.
    pub autostart: Option<PathBuf>,
    /// What the window's web engine keeps, where the platform's keeps anything. Of Usher nothing is in there.
    pub webview: Option<PathBuf>,
    /// Where the starter's sample files go.
    pub sandbox: PathBuf,
    /// The folders that the desktop has made for the user.
    pub user_folders: UserFolders,
}

/// Why the places cannot be worked out or used.
#[derive(Debug, thiserror::Error)]
pub enum DirectoriesError {
    /// There is no home directory.
    #[error("this user has no home directory")]
    NoHome(#[source] etcetera::HomeDirError),
    /// The home directory is not a whole path: it would be another one in every working directory.
    #[error("the home directory {} is not a whole path", .0.display())]
    RelativeHome(PathBuf),
    /// The socket's folder could be touched by somebody else.
    #[error("the folder of the control socket, {}, {reason}", path.display())]
    NotOurs {
        /// The folder.
        path: PathBuf,
        /// What is wrong with it.
        reason: NotOurs,
    },
    /// The control socket's path is longer than one of a socket may be.
    #[error("the path of the control socket, {}, is too long for a socket", .0.display())]
    TooLong(PathBuf),
    /// A directory cannot be made.
    #[error("cannot make the directory {}", path.display())]
    Make {
        /// The directory.
        path: PathBuf,
        /// The cause.
        #[source]
        source: io::Error,
    },
}

/// What is wrong with a folder that is to be this user's alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotOurs {
    /// It is something else.
    #[error("is not a directory")]
    NoDirectory,
    /// It belongs to somebody else.
    #[error("belongs to another user")]
    Theirs,
    /// Somebody else may look into it, or write to it.
    #[error("is open to other users")]
    Open,
}

impl DirectoriesError {
    /// What the user can do about it.
    pub fn hint(&self) -> String {
        match self {
            Self::NoHome(_) | Self::RelativeHome(_) => "set HOME to your home directory".to_owned(),
            Self::NotOurs { path, reason: NotOurs::Open } => {
                format!("close it to them with `chmod 700 {}`", path.display())
            }
            Self::NotOurs { path, reason: NotOurs::NoDirectory } => {
                format!("move {} elsewhere", path.display())
            }
            Self::NotOurs { reason: NotOurs::Theirs, .. } => {
                "set XDG_RUNTIME_DIR to a folder of your own".to_owned()
            }
            Self::TooLong(_) => {
                format!(
                    "set XDG_RUNTIME_DIR to a folder of your own whose path is shorter: with the socket's name, a \
                     path of {SOCKET_PATH_MAX} bytes is the longest"
                )
            }
            Self::Make { path, .. } => {
                format!("see whether the disk is full and whether you may write beside {}", path.display())
            }
        }
    }
}

/// The few directories of a platform that all others are made from.
struct Bases {
    home: PathBuf,
    data_home: PathBuf,
    config: PathBuf,
    state: PathBuf,
    runtime: Option<PathBuf>,
    autostart: Option<PathBuf>,
    webview: Option<PathBuf>,
}

impl Directories {
    /// The places of the user who runs this program, as the platform and the environment have them.
    ///
    /// # Errors
    /// [`DirectoriesError::NoHome`] when there is no home directory, [`DirectoriesError::RelativeHome`] when it is no
    /// whole path.
    pub fn from_env() -> Result<Self, DirectoriesError> {
        let strategy = etcetera::base_strategy::choose_native_strategy().map_err(DirectoriesError::NoHome)?;
        let bases = platform_bases(&strategy);
        match bases.home.is_absolute() {
            true => {
                let user_folders = UserFolders::from_env(&bases.home);
                Ok(Self { user_folders, ..Self::from_bases(bases) })
            }
            false => Err(DirectoriesError::RelativeHome(bases.home)),
        }
    }

    /// The same layout below a directory of the caller's, for tests and trials.
    pub fn below(root: &Path) -> Self {
        Self::from_bases(Bases {
            home: root.join("home"),
            data_home: root.join("home/.local/share"),
            config: root.join("config/usher"),
            state: root.join("state/usher"),
            runtime: Some(root.join("run")),
            autostart: Some(root.join("home/.config/autostart").join(format!("{AUTOSTART_NAME}.desktop"))),
            webview: Some(root.join("home/.local/share").join(WEBVIEW_NAME)),
        })
    }

    fn from_bases(bases: Bases) -> Self {
        let Bases { home, data_home, config, state, runtime, autostart, webview } = bases;
        let runtime = runtime.unwrap_or_else(|| private_runtime(&state));
        Self {
            rules: config.join("rules"),
            settings: config.join("settings.toml"),
            logs: state.join("logs"),
            lock: state.join("owner.lock"),
            socket: socket(&runtime, &state),
            sandbox: home.join("Usher sandbox"),
            user_folders: UserFolders::english(),
            home,
            data_home,
            config,
            state,
            runtime,
            autostart,
            webview,
        }
    }

    /// The journal.
    pub fn journal(&self) -> PathBuf {
        self.state.join("journal.db")
    }

    /// Where replaced bytes are kept.
    pub fn vault(&self) -> PathBuf {
        self.state.join("vault")
    }

    /// What is about to be done, until that is in the journal.
    pub fn intents(&self) -> PathBuf {
        self.state.join("journal.intents")
    }

    /// The last text without mistakes of each rule file.
    pub fn good_rules(&self) -> PathBuf {
        self.state.join("last-good-rules")
    }

    /// A pause, and what the user has dismissed.
    pub fn memory(&self) -> PathBuf {
        self.state.join("agent.json")
    }

    /// The size of the window.
    pub fn window(&self) -> PathBuf {
        self.state.join("window.json")
    }

    /// The socket at which a second tray knocks, beside the control socket; only Linux has it.
    pub fn desktop_socket(&self) -> PathBuf {
        self.runtime.join("desktop.sock")
    }

    /// All of it as text for people.
    pub fn places(&self) -> Places {
        Places {
            rules: shown(&self.rules),
            settings: shown(&self.settings),
            journal: shown(&self.journal()),
            intents: shown(&self.intents()),
            vault: shown(&self.vault()),
            good_rules: shown(&self.good_rules()),
            memory: shown(&self.memory()),
            window: shown(&self.window()),
            logs: shown(&self.logs),
            socket: shown(&self.socket),
            desktop_socket: cfg!(target_os = "linux").then(|| shown(&self.desktop_socket())),
            lock: shown(&self.lock),
            autostart: self.autostart.as_deref().map(shown),
            webview: self.webview.as_deref().map(shown),
        }
    }

    /// Makes what an owner needs. The rules folder is not among it: its absence means that Usher is new here.
    pub(crate) fn prepare(&self) -> Result<(), DirectoriesError> {
        make(&self.config)?;
        make(&self.state)?;
        make(&self.logs)?;
        #[cfg(unix)]
        make(&self.runtime)?;
        self.check_socket()
    }

    /// Whether the control socket can be what it has to be: this user's alone. Where its folder is not there, it can.
    ///
    /// # Errors
    /// [`DirectoriesError::TooLong`] and [`DirectoriesError::NotOurs`].
    pub(crate) fn check_socket(&self) -> Result<(), DirectoriesError> {
        #[cfg(unix)]
        {
            if self.socket.as_os_str().len() > SOCKET_PATH_MAX {
                return Err(DirectoriesError::TooLong(self.socket.clone()));
            }
            check_private(&self.runtime)?;
        }
        Ok(())
    }
}

/// Makes a directory for this user alone. One that is there already stays as it is.
fn make(path: &Path) -> Result<(), DirectoriesError> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path).map_err(|source| DirectoriesError::Make { path: path.to_path_buf(), source })
}

/// Whether a directory is this user's and closed to everyone else.
///
/// # Errors
/// [`DirectoriesError::NotOurs`] with what is wrong. A directory that is not there is fine.
#[cfg(unix)]
pub(crate) fn check_private(path: &Path) -> Result<(), DirectoriesError> {
    use std::os::unix::fs::MetadataExt;
    let Ok(meta) = std::fs::symlink_metadata(path) else { return Ok(()) };
    let reason = if !meta.is_dir() {
        NotOurs::NoDirectory
    } else if meta.uid() != rustix::process::getuid().as_raw() {
        NotOurs::Theirs
    } else if meta.mode() & 0o077 != 0 {
        NotOurs::Open
    } else {
        return Ok(());
    };
    Err(DirectoriesError::NotOurs { path: path.to_path_buf(), reason })
}

#[cfg(target_os = "linux")]
fn platform_bases(xdg: &impl BaseStrategy) -> Bases {
    let state = xdg.state_dir().unwrap_or_else(|| xdg.home_dir().join(".local/state"));
    Bases {
        home: xdg.home_dir().to_path_buf(),
        // Where the desktop's plug-in writes it, whatever the environment says of configuration.
        autostart: Some(xdg.home_dir().join(".config/autostart").join(format!("{AUTOSTART_NAME}.desktop"))),
        data_home: xdg.data_dir(),
        webview: Some(xdg.data_dir().join(WEBVIEW_NAME)),
        config: xdg.config_dir().join("usher"),
        state: state.join("usher"),
        runtime: xdg.runtime_dir().or_else(session_runtime).map(|dir| dir.join("usher")),
    }
}

/// The session's runtime directory where the environment does not name it (cron, some remote shells).
#[cfg(target_os = "linux")]
fn session_runtime() -> Option<PathBuf> {
    let path = PathBuf::from(format!("/run/user/{}", rustix::process::getuid().as_raw()));
    (path.is_dir() && check_private(&path).is_ok()).then_some(path)
}

#[cfg(target_os = "macos")]
fn platform_bases(apple: &impl BaseStrategy) -> Bases {
    let support = apple.data_dir().join("Usher");
    Bases {
        home: apple.home_dir().to_path_buf(),
        autostart: Some(
            apple.home_dir().join("Library/LaunchAgents").join(format!("{AUTOSTART_NAME}.plist")),
        ),
        data_home: apple.data_dir(),
        // A window that is incognito leaves nothing there.
        webview: None,
        config: support.clone(),
        state: support.join("State"),
        runtime: None,
    }
}

#[cfg(windows)]
fn platform_bases(windows: &impl BaseStrategy) -> Bases {
    // `cache_dir` is %LOCALAPPDATA%: what is remembered does not roam to another machine.
    let local = windows.cache_dir().join("Usher");
    Bases {
        home: windows.home_dir().to_path_buf(),
        // The registry has it there.
        autostart: None,
        data_home: windows.data_dir(),
        webview: Some(windows.cache_dir().join(WEBVIEW_NAME)),
        config: windows.config_dir().join("Usher"),
        runtime: Some(local.clone()),
        state: local,
    }
}

/// The longest path that a socket can have, in bytes, the closing zero left out.
const SOCKET_PATH_MAX: usize = if cfg!(target_os = "linux") { 107 } else { 103 };

/// A folder for the socket where the platform has no runtime directory: in the state directory, or in the temporary
/// one where that would make too long a path.
#[cfg(unix)]
fn private_runtime(state: &Path) -> PathBuf {
    let beside = state.join("run");
    if beside.join(SOCKET_NAME).as_os_str().len() <= SOCKET_PATH_MAX {
        return beside;
    }
    std::env::temp_dir().join(format!("usher-{}", rustix::process::getuid().as_raw()))
}

#[cfg(windows)]
fn private_runtime(state: &Path) -> PathBuf {
    state.to_path_buf()
}

#[cfg(unix)]
const SOCKET_NAME: &str = "usher.sock";

#[cfg(unix)]
fn socket(runtime: &Path, _state: &Path) -> PathBuf {
    runtime.join(SOCKET_NAME)
}

/// Pipes have one name space for all users, so the name is made of the state directory, which is this user's.
#[cfg(windows)]
fn socket(_runtime: &Path, state: &Path) -> PathBuf {
    let digest = blake3::hash(state.to_string_lossy().to_lowercase().as_bytes()).to_hex();
    PathBuf::from(format!(r"\\.\pipe\usher-{}", &digest[..16]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn below_a_root_everything_lies_in_it() {
        let root = tempfile::tempdir().unwrap();
        let dirs = Directories::below(root.path());
        dirs.prepare().unwrap();
        for path in [&dirs.rules, &dirs.settings, &dirs.journal(), &dirs.vault(), &dirs.lock, &dirs.sandbox] {
            assert!(path.starts_with(root.path()), "{}", path.display());
        }
        assert!(dirs.logs.is_dir() && dirs.runtime.is_dir());
        assert!(!dirs.rules.exists(), "a missing rules folder means that Usher is new here");
    }

    #[cfg(unix)]
    #[test]
    fn a_runtime_directory_that_others_can_open_is_refused() {
        use std::os::unix::fs::PermissionsExt;
        let root = tempfile::tempdir().unwrap();
        let dirs = Directories::below(root.path());
        std::fs::create_dir_all(&dirs.runtime).unwrap();
        std::fs::set_permissions(&dirs.runtime, PermissionsExt::from_mode(0o755)).unwrap();
        let error = dirs.prepare().unwrap_err();
        assert!(error.to_string().ends_with("is open to other users"), "{error}");
    }

    #[cfg(unix)]
    #[test]
    fn a_link_in_the_place_of_the_runtime_directory_is_refused() {
        let root = tempfile::tempdir().unwrap();
        let dirs = Directories::below(root.path());
        std::fs::create_dir(root.path().join("elsewhere")).unwrap();
        std::os::unix::fs::symlink(root.path().join("elsewhere"), &dirs.runtime).unwrap();
        assert!(matches!(
            dirs.prepare(),
            Err(DirectoriesError::NotOurs { reason: NotOurs::NoDirectory, .. })
        ));
    }

    #[cfg(unix)]
    #[test]
    fn a_deep_state_directory_gets_its_socket_elsewhere() {
        let deep = PathBuf::from("/home").join("long".repeat(30));
        assert!(private_runtime(&deep).starts_with(std::env::temp_dir()));
        assert_eq!(private_runtime(Path::new("/home/a/state")), Path::new("/home/a/state/run"));
    }
}
