//! What runs when: the tray process, a second launch, the window's processes, and the end of each.

use std::fs;
use std::time::Duration;

use crate::driver::Driver;
use crate::panel::Panel;
use crate::session::{Bus, eventually};
use crate::{CHORD, closes, opens, settings};

#[test]
fn the_tray_starts_alone_without_window_and_webview() {
    let session = session!(Bus::Private);
    let panel = Panel::start(&session);
    let usher = session.usher(&["--hidden"]);
    let item = panel.item();
    eventually("the icon says that folders are watched", || item.tooltip().contains("watches one folder"));
    assert_eq!(usher.names(), ["usher-desktop"], "one process, and nothing of a webview");
    let maps = fs::read_to_string(format!("/proc/{}/maps", usher.id())).expect("the maps of a child");
    assert!(!maps.contains("_dri.so"), "a process without a window has loaded a graphics driver");
    assert!(!session.window_is_visible());
    let (width, height, pixels) = item.pixels();
    assert_eq!((width, height, pixels.len()), (44, 44, 44 * 44 * 4));
}

#[test]
fn a_second_launch_shows_the_window_of_the_first() {
    let session = session!(Bus::Private);
    let panel = Panel::start(&session);
    let mut first = session.usher(&["--hidden"]);
    panel.item();
    opens(&session, || session.usher(&["--show"]).ends_well());
    closes(&session, || session.press(CHORD));
    opens(&session, || session.usher(&[]).ends_well());
    session.usher(&["--hidden"]).ends_well();
    assert!(first.runs());
}

#[test]
fn without_a_rule_the_window_offers_the_starter_unless_hidden() {
    let session = session!(Bus::Private);
    fs::remove_dir_all(session.home().join(".config/usher")).expect("no rules");
    {
        let _usher = session.usher(&[]);
        eventually("the window is in sight", || session.window_is_visible());
    }
    eventually("the window is gone with its tray process", || !session.window_is_visible());
    let panel = Panel::start(&session);
    let usher = session.usher(&["--hidden"]);
    panel.item();
    assert_eq!(usher.names(), ["usher-desktop"]);
}

#[test]
fn without_a_rule_the_window_offers_samples_and_writes_nothing_before_they_are_wanted() {
    let session = session!(Bus::Private);
    fs::remove_dir_all(session.home().join(".config/usher")).expect("no rules");
    let _panel = Panel::start(&session);
    let window = Driver::open(&session);
    window.shows("You have no rules yet");
    window.shows("try rules on sample files");
    let (starter, sandbox) =
        (session.path(".config/usher/rules/starter.yaml"), session.path("Usher sandbox"));
    assert!(!starter.exists() && !sandbox.exists());
    window.press("try rules on sample files");
    eventually("the starter is there", || starter.exists() && sandbox.join("setup.bak").exists());
}

#[test]
fn without_a_session_bus_the_hotkey_and_a_second_launch_still_work() {
    let session = session!(Bus::None);
    let mut usher = session.usher(&["--hidden"]);
    eventually("the missing tray is said", || session.stderr().contains("no tray icons"));
    opens(&session, || session.press(CHORD));
    closes(&session, || session.press(CHORD));
    opens(&session, || session.usher(&["--show"]).ends_well());
    assert!(usher.runs());
    assert_eq!(session.stderr().matches("no tray icons").count(), 1, "{}", session.stderr());
}

#[test]
fn nothing_of_the_webview_is_left_after_the_grace_time() {
    let session = session!(Bus::Private);
    settings(&session, "grace_seconds = 1\n");
    let panel = Panel::start(&session);
    let mut usher = session.usher(&["--hidden"]);
    panel.item();
    opens(&session, || session.press(CHORD));
    eventually("the webview runs", || !usher.webkit().is_empty());
    closes(&session, || session.press(CHORD));
    eventually("the tray process is alone again", || usher.names() == ["usher-desktop"]);
    assert!(usher.runs());
    opens(&session, || session.press(CHORD));
    // Toolkits keep what they know of fonts and graphics cards there; the web engine has the place that the status names.
    let left: Vec<_> = [".cache", ".local/share"]
        .iter()
        .flat_map(|folder| files_below(&session.home().join(folder)))
        .filter(|path| ["usher", "webkit"].iter().any(|word| path.to_lowercase().contains(word)))
        .filter(|path| !path.starts_with("org.usher.Usher/"))
        .collect();
    assert!(!session.home().join(".cache/org.usher.Usher").exists());
    assert_eq!(left, [""; 0], "the window keeps nothing elsewhere");
}

#[test]
fn however_it_is_asked_for_there_is_one_window() {
    let session = session!(Bus::Private);
    settings(&session, "grace_seconds = 1\n");
    let panel = Panel::start(&session);
    let usher = session.usher(&["--hidden"]);
    panel.item();
    (0..30).for_each(|_| session.press(CHORD));
    let mut launches = [session.usher(&["--show"]), session.usher(&[]), session.usher(&["--show"])];
    session.press(CHORD);
    launches.iter_mut().for_each(crate::session::Group::ends_well);
    session.usher(&["--show"]).ends_well();
    let one = || {
        let hosts = usher.names().iter().filter(|name| *name == "usher-desktop").count();
        session.windows() == 1 && hosts == 2
    };
    eventually("one window is in sight, of one process", || session.window_is_visible() && one());
    // Asked for while it goes, and around the end of its grace time.
    for wait in [0, 900, 1000, 1100, 1500] {
        eventually("the window has the keyboard", || session.window_has_focus());
        closes(&session, || session.press(CHORD));
        std::thread::sleep(Duration::from_millis(wait));
        opens(&session, || session.press(CHORD));
        eventually("it is the only one", one);
    }
}

#[test]
fn quit_in_the_menu_ends_everything() {
    let session = session!(Bus::Private);
    let panel = Panel::start(&session);
    let mut usher = session.usher(&["--hidden"]);
    let item = panel.item();
    opens(&session, || item.click());
    item.choose("Quit Usher");
    usher.ends_well();
    eventually("the window's processes end too", || usher.names().is_empty());
}

#[test]
fn the_window_dies_with_its_tray_process() {
    let session = session!(Bus::Private);
    let panel = Panel::start(&session);
    let usher = session.usher(&["--hidden"]);
    let item = panel.item();
    opens(&session, || item.click());
    let tray = rustix::process::Pid::from_raw(i32::try_from(usher.id()).expect("an id")).expect("an id");
    rustix::process::kill_process(tray, rustix::process::Signal::KILL).expect("killed");
    eventually("the window ends by itself", || usher.names().is_empty());
}

/// Every file below a folder, from there on.
fn files_below(folder: &std::path::Path) -> Vec<String> {
    let (mut found, mut folders) = (Vec::new(), vec![folder.to_owned()]);
    while let Some(next) = folders.pop() {
        for entry in std::fs::read_dir(&next).into_iter().flatten().flatten() {
            match entry.file_type().is_ok_and(|kind| kind.is_dir()) {
                true => folders.push(entry.path()),
                false => found.extend(
                    entry.path().strip_prefix(folder).map(|path| path.to_string_lossy().into_owned()),
                ),
            }
        }
    }
    found
}
