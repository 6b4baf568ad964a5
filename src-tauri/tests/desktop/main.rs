//! The desktop end to end: the real binary in a session of its own, with a real display, bus, panel and webview.
#![cfg(target_os = "linux")]
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    reason = "a test says by them that it cannot go on"
)]

mod driver;
mod panel;
mod session;

use std::fs;
use std::time::Duration;

use serde_json::json;
use x11rb::connection::Connection;
use x11rb::protocol::xproto::{ConnectionExt, GrabMode, ModMask};

use driver::Driver;
use panel::Panel;
use session::{Bus, Session, eventually, within};

/// The chord that the settings have at first.
const CHORD: &str = "ctrl+alt+space";

/// A rule that moves invoices out of the inbox.
const RULES: &str = "\
rules:
  - name: File invoices
    locations: ~/Inbox
    filters:
      - extension: pdf
    actions:
      - move: ~/Invoices/
";

/// A session with the rule, or `return` where there can be none.
macro_rules! session {
    ($bus:expr) => {
        match Session::start($bus) {
            Some(session) => {
                fs::create_dir_all(session.home().join("Inbox")).expect("an inbox");
                session.write(".config/usher/rules/invoices.yaml", RULES);
                session
            }
            None => return,
        }
    };
}

/// True when the owner watches the inbox.
const WATCHED: &str = "return window.__TAURI_INTERNALS__.invoke('call', { request: { method: 'status' } })\
                       .then((status) => status.folders[0]?.mode === 'watching')";

fn settings(session: &Session, lines: &str) {
    session.write(".config/usher/settings.toml", lines);
}

/// Opens the window in the way under test and waits until it has the keyboard.
#[track_caller]
fn opens(session: &Session, how: impl Fn()) {
    assert!(!session.window_is_visible(), "the window is there already");
    how();
    eventually("the window is in sight", || session.window_is_visible());
    eventually("the window has the keyboard", || session.window_has_focus());
}

#[track_caller]
fn closes(session: &Session, how: impl Fn()) {
    how();
    eventually("the window is out of sight", || !session.window_is_visible());
}

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
fn the_hotkey_opens_and_closes_the_window() {
    let session = session!(Bus::Private);
    let panel = Panel::start(&session);
    let _usher = session.usher(&["--hidden"]);
    panel.item();
    opens(&session, || session.press(CHORD));
    closes(&session, || session.press(CHORD));
    opens(&session, || session.press(CHORD));
}

#[test]
fn a_chord_that_a_rule_waits_for_wakes_it_and_not_the_window() {
    let session = session!(Bus::Private);
    session.write(
        ".config/usher/rules/chord.yaml",
        "rules:\n  - when: { hotkey: Ctrl+Alt+J }\n    actions: [{ write: { text: pressed, outfile: ~/pressed.txt } }]\n",
    );
    let panel = Panel::start(&session);
    let _usher = session.usher(&["--hidden"]);
    panel.item();
    eventually("the chord wakes the rule", || {
        session.press("ctrl+alt+j");
        session.home().join("pressed.txt").exists()
    });
    assert!(!session.window_is_visible());
    opens(&session, || session.press(CHORD));
    // Gone from the rules, gone from the keys.
    fs::remove_file(session.home().join(".config/usher/rules/chord.yaml")).expect("the rule file");
    eventually("the chord is free again", || try_chord(&session, 'j').is_some());
}

#[test]
fn a_left_click_opens_the_window_and_escape_closes_it() {
    let session = session!(Bus::Private);
    let panel = Panel::start(&session);
    let _usher = session.usher(&["--hidden"]);
    let item = panel.item();
    opens(&session, || item.click());
    // The page listens for the key when it has loaded, which may be a little after it is in sight.
    eventually("escape closes the window", || {
        session.press("Escape");
        within(Duration::from_secs(2), || !session.window_is_visible())
    });
    opens(&session, || item.choose("Open Usher"));
}

#[test]
fn launch_at_login_is_switched_in_the_menu() {
    let session = session!(Bus::Private);
    let panel = Panel::start(&session);
    let _usher = session.usher(&["--hidden"]);
    let item = panel.item();
    let entry = session.path(".config/autostart/Usher.desktop");
    assert!(!entry.exists());

    item.choose("at login");
    eventually("the entry is written", || {
        fs::read_to_string(&entry).is_ok_and(|text| text.contains("usher-desktop\" --hidden\n"))
    });
    eventually("the menu has a tick", || item.line("at login").is_some_and(|line| line.checked));

    item.choose("at login");
    eventually("the entry is removed", || !entry.exists());
    eventually("the menu has no tick", || item.line("at login").is_some_and(|line| !line.checked));
}

#[test]
fn a_run_is_taken_back_from_the_menu() {
    let session = session!(Bus::Private);
    let panel = Panel::start(&session);
    let _usher = session.usher(&["--hidden"]);
    let item = panel.item();
    eventually("the inbox is watched", || item.tooltip().contains("watches one folder"));
    let bill = session.write("Inbox/bill.pdf", "twelve francs");
    let filed = session.home().join("Invoices/bill.pdf");
    eventually("the bill is filed", || filed.exists() && !bill.exists());

    item.choose("File invoices: bill.pdf");
    eventually("the bill is back", || fs::read_to_string(&bill).is_ok_and(|text| text == "twelve francs"));
    assert!(!filed.exists());
    eventually("the menu does not offer it again", || item.line("bill.pdf").is_none());
}

#[test]
fn a_pause_is_begun_and_ended_in_the_menu() {
    let session = session!(Bus::Private);
    let panel = Panel::start(&session);
    let _usher = session.usher(&["--hidden"]);
    let item = panel.item();
    eventually("the inbox is watched", || item.tooltip().contains("watches one folder"));
    let watching = item.pixels();
    item.choose("For 1 hour");
    eventually("the icon says that it is paused", || item.tooltip().contains("paused"));
    eventually("the icon looks paused", || item.pixels() != watching);
    item.choose("Resume");
    eventually("the icon is as before", || item.pixels() == watching);
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
}

#[test]
fn the_window_goes_out_of_sight_when_another_has_the_keyboard() {
    let session = session!(Bus::Private);
    settings(&session, "hide_on_blur = true\n");
    let panel = Panel::start(&session);
    let _usher = session.usher(&["--hidden"]);
    panel.item();
    opens(&session, || session.press(CHORD));
    // The press itself takes the keyboard from the window for a moment, and must close it once and not reopen it.
    closes(&session, || session.press(CHORD));
    let reopened = within(Duration::from_millis(600), || session.window_is_visible());
    assert!(!reopened, "the hotkey closed the window, and something opened it again");
    opens(&session, || session.press(CHORD));
    let _other = session.other_window();
    eventually("the window is out of sight", || !session.window_is_visible());
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
fn a_panel_that_comes_later_gets_the_icon() {
    let session = session!(Bus::Private);
    let _usher = session.usher(&["--hidden"]);
    eventually("the missing panel is said", || session.stderr().contains("no tray icons"));
    opens(&session, || session.press(CHORD));
    let panel = Panel::start(&session);
    eventually("the icon is there", || panel.item().tooltip().contains("Usher"));
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
}

#[test]
fn a_hotkey_that_another_program_holds_is_reported() {
    let session = session!(Bus::Private);
    let _other = hold_chord(&session, ' ');
    let panel = Panel::start(&session);
    let _usher = session.usher(&["--hidden"]);
    eventually("the clash is said on stderr", || {
        session.stderr().contains("Ctrl+Alt+Space is held by another program")
    });
    let item = panel.item();
    eventually("the clash is said by the icon", || {
        let tip = item.tooltip();
        tip.contains("Usher needs you") && tip.contains("held by another program")
    });
}

#[test]
fn settings_edited_by_hand_take_effect_at_once() {
    let session = session!(Bus::Private);
    let panel = Panel::start(&session);
    let _usher = session.usher(&["--hidden"]);
    let item = panel.item();
    settings(&session, "hotkey = \"Ctrl+Alt+U\"\nlanguage = \"fr\"\n");
    eventually("the menu is French", || item.line("Quitter").is_some());
    opens(&session, || session.press("ctrl+alt+u"));
    closes(&session, || session.press("ctrl+alt+u"));
    session.press(CHORD);
    settings(&session, "hotkey = \"Hyper+Nonsense\"\n");
    eventually("a chord that cannot be is said", || {
        session.stderr().contains("`Hyper+Nonsense` is not a key chord")
    });
    opens(&session, || session.press("ctrl+alt+u"));
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
fn the_window_shows_what_happens_and_takes_it_back() {
    let session = session!(Bus::Private);
    let window = Driver::open(&session);
    window.loads();
    window.until("the inbox is watched", WATCHED);

    let bill = session.write("Inbox/bill.pdf", "twelve francs");
    let filed = session.home().join("Invoices/bill.pdf");
    eventually("the bill is filed", || filed.exists());
    window.until("the bill is in Activity", "return document.body.innerText.includes('bill.pdf')");
    window.press("Undo");
    window.shows("One step would be taken back:");
    assert!(filed.exists(), "nothing is taken back before somebody has said yes to it");
    window.until(
        "the preview can be said yes to",
        "const yes = document.querySelector('.ask .primary'); yes?.click(); return yes !== null",
    );
    eventually("the bill is back", || fs::read_to_string(&bill).is_ok_and(|text| text == "twelve francs"));
    assert!(!filed.exists());
    window.until("the window says so", "return document.body.innerText.includes('Undone')");
}

#[test]
fn a_rule_is_written_previewed_and_switched_on_in_the_window_and_survives_being_broken() {
    let session = session!(Bus::Private);
    let rules = session.home().join(".config/usher/rules");
    fs::remove_dir_all(&rules).expect("no rules");
    let first = session.write("Inbox/first.pdf", "twelve francs");
    let window = Driver::open(&session);
    window.loads();
    window.press("write your own");
    window.fill("Name", "Bills");
    window.fill("Folder 1", "~/Inbox");
    window.fill("What \u{2068}Move\u{2069} is told", "~/Bills/");
    window.shows("It would take one step.");
    window.shows("~/Bills/first.pdf");
    assert!(!rules.join("rules.yaml").exists() && first.exists(), "a preview touches nothing");
    window.press("Switched on");
    window.press("Save");
    let filed = |name: &str| session.home().join("Bills").join(name);
    eventually("the rule acts on what is there", || filed("first.pdf").exists());
    let text = fs::read_to_string(rules.join("rules.yaml")).expect("the rule file");
    assert!(text.contains("name: Bills\n    enabled: true\n"), "{text}");

    let second = session.write("Inbox/second.pdf", "thirteen francs");
    eventually("the rule acts on what comes", || filed("second.pdf").exists());
    window.press("Activity");
    window.shows("second.pdf");
    window.press("Undo");
    window.shows("One step would be taken back:");
    window.until(
        "the preview can be said yes to",
        "const yes = document.querySelector('.ask .primary'); yes?.click(); return yes !== null",
    );
    eventually("the newest is back", || second.exists() && !filed("second.pdf").exists());
    assert!(filed("first.pdf").exists());

    session.write(".config/usher/rules/rules.yaml", "rules: [\n");
    window.press("Rules");
    window.shows("This text is not a list of rules, so there is no form for it.");
    window.press("Back to the rules");
    window.shows("An older version is running.");
    session.write("Inbox/third.pdf", "fourteen francs");
    eventually("the last good version runs on", || filed("third.pdf").exists());
}

#[test]
fn a_folder_is_chosen_in_the_systems_dialog_and_the_window_stays() {
    let session = session!(Bus::Private);
    settings(&session, "hide_on_blur = true\n");
    fs::remove_dir_all(session.home().join(".config/usher/rules")).expect("no rules");
    let scans = session.home().join("Scans");
    fs::create_dir_all(&scans).expect("a folder");
    let window = Driver::open(&session);
    window.loads();
    window.press("Choose a first rule");
    window.fill("Which folder?", &scans.display().to_string());
    window.press("Choose a folder\u{2026}");
    eventually("the dialog has the keyboard", || session.has_focus("Choose a folder"));
    let hidden = within(Duration::from_millis(800), || !session.window_is_visible());
    assert!(!hidden, "the dialog of the window's own has hidden it");
    // It begins in the folder that stood in the field, and answers it written as rules write it.
    eventually("the folder stands in the field", || {
        if session.has_focus("Choose a folder") {
            session.press("Return");
        }
        window.run("return [...document.querySelectorAll('input')].some((it) => it.value === '~/Scans')")
            == json!(true)
    });
    assert!(session.window_is_visible());
}

#[test]
fn the_window_keeps_its_size() {
    let session = session!(Bus::Private);
    settings(&session, "grace_seconds = 0\n");
    let panel = Panel::start(&session);
    let usher = session.usher(&["--hidden"]);
    panel.item();
    opens(&session, || session.press(CHORD));
    let kept = session.path(".local/state/usher/window.json");
    eventually("the size is kept", || {
        session.resize_window(840, 610);
        closes(&session, || session.press(CHORD));
        // The toolkit hears of a size a little later than the display.
        let kept = fs::read_to_string(&kept).is_ok_and(|text| text.contains("840"));
        if !kept {
            opens(&session, || session.press(CHORD));
        }
        kept
    });
    eventually("the tray process is alone again", || usher.names() == ["usher-desktop"]);
    opens(&session, || session.press(CHORD));
    eventually("the new window has the size of the old", || session.window_size() == Some((840, 610)));
}

#[test]
fn the_page_may_call_its_commands_and_nothing_else() {
    let session = session!(Bus::Private);
    let window = Driver::open(&session);
    window.loads();
    window.call("call", &json!({ "request": { "method": "status" } })).expect("the owner answers");
    assert_eq!(window.call("launch_at_login", &json!({})), Ok(json!(false)));
    for forbidden in [
        "plugin:autostart|enable",
        "plugin:dialog|open",
        "plugin:dialog|save",
        "plugin:fs|read_text_file",
        "plugin:event|emit",
        "plugin:window|close",
        "plugin:webview|create_webview_window",
        "plugin:path|resolve_directory",
        "plugin:app|version",
    ] {
        let refused =
            window.call(forbidden, &json!({ "event": "notice", "label": "main" })).expect_err(forbidden);
        assert!(refused.to_string().contains("not allowed"), "{forbidden}: {refused}");
    }
    let outside = "return fetch('http://127.0.0.1:9/').then(() => 'allowed', () => 'refused')";
    assert_eq!(window.run(outside), json!("refused"));
    let inline = "const script = document.createElement('script'); script.textContent = 'window.owned = true'; \
                  document.head.append(script); return window.owned === undefined";
    assert_eq!(window.run(inline), json!(true));
}

#[test]
fn a_hotkey_chosen_in_the_window_is_tried_before_it_is_kept() {
    let session = session!(Bus::Private);
    let _other = hold_chord(&session, 'q');
    let window = Driver::open(&session);
    window.loads();
    let choose = |chord: &str| {
        window
            .call("call", &json!({ "request": { "method": "set_settings", "params": { "hotkey": chord } } }))
    };
    let refused = choose("Ctrl+Alt+Q").expect_err("another program holds it");
    assert_eq!(refused["code"], "hotkey_taken");
    assert!(
        refused["message"]
            .as_str()
            .is_some_and(|text| text.contains("Ctrl+Alt+Q is held by another program"))
    );
    let refused = choose("Q").expect_err("no chord");
    assert!(refused["message"].as_str().is_some_and(|text| text.contains("no modifier")), "{refused}");
    closes(&session, || session.press(CHORD));

    opens(&session, || session.press(CHORD));
    choose("Ctrl+Alt+U").expect("nobody holds it");
    closes(&session, || session.press("ctrl+alt+u"));
    opens(&session, || session.press("ctrl+alt+u"));
    session.press(CHORD);
    let closed = within(Duration::from_millis(600), || !session.window_is_visible());
    assert!(!closed, "the old chord is free again");
}

#[test]
fn launch_at_login_switched_in_the_window_is_seen_in_the_menu() {
    let session = session!(Bus::Private);
    let panel = Panel::start(&session);
    let window = Driver::open(&session);
    window.loads();
    let item = panel.item();
    assert_eq!(window.call("set_launch_at_login", &json!({ "on": true })), Ok(json!(true)));
    assert!(session.home().join(".config/autostart/Usher.desktop").exists());
    eventually("the menu has a tick", || item.line("at login").is_some_and(|line| line.checked));
}

/// Takes Ctrl+Alt and a key as another program would, for as long as the value lives.
/// Holds a chord, as another program would.
fn hold_chord(session: &Session, letter: char) -> impl Sized {
    try_chord(session, letter).expect("nobody else holds it")
}

/// The same, or `None` where somebody else holds it.
fn try_chord(session: &Session, letter: char) -> Option<impl Sized> {
    let (display, screen) = x11rb::connect(Some(&session.display)).expect("the display");
    let root = display.setup().roots[screen].root;
    let (first, last) = (display.setup().min_keycode, display.setup().max_keycode);
    let map =
        display.get_keyboard_mapping(first, last - first + 1).expect("asked").reply().expect("a keyboard");
    let place = map
        .keysyms
        .chunks(map.keysyms_per_keycode.into())
        .position(|key| key.contains(&u32::from(letter)))
        .expect("a key");
    let key = first + u8::try_from(place).expect("a keycode");
    let grab =
        display.grab_key(false, root, ModMask::CONTROL | ModMask::M1, key, GrabMode::ASYNC, GrabMode::ASYNC);
    grab.expect("asked").check().ok()?;
    Some(display)
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
