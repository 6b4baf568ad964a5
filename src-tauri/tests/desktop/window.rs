//! The window on the screen, and what people do in it.

use std::fs;
use std::time::Duration;

use serde_json::json;

use crate::displays::{self, DISPLAYS, kept_size};
use crate::driver::Driver;
use crate::panel::Panel;
use crate::session::{Bus, DEADLINE, Session, WIDTH, eventually, within};
use crate::{CHORD, closes, opens, settings};

/// True when the owner watches the inbox.
const WATCHED: &str = "return window.__TAURI_INTERNALS__.invoke('call', { request: { method: 'status' } })\
                       .then((status) => status.folders[0]?.mode === 'watching')";

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
fn the_window_opens_in_the_middle_of_the_display_in_use_wherever_that_begins() {
    let Some(session) = Session::start_with(Bus::Private, 2) else { return };
    settings(&session, "grace_seconds = 0\n");
    let panel = Panel::start(&session);
    let usher = session.usher(&["--hidden"]);
    panel.item();
    for nr in [1, 0] {
        session.use_display(nr);
        opens(&session, || session.press(CHORD));
        let middle = u32::from(nr * WIDTH + WIDTH / 2);
        let mut span = None;
        // The frame of the window manager is no part of the window, whose middle may be a little beside.
        let there = within(DEADLINE, || {
            span = session.window_span();
            span.is_some_and(|(left, right)| ((left + right) / 2).abs_diff(middle) <= 8)
        });
        assert!(there, "the window stands from {span:?}, and not around {middle}");
        closes(&session, || session.press(CHORD));
        eventually("the tray process is alone again", || usher.names() == ["usher-desktop"]);
    }
}

#[test]
fn of_two_displays_the_window_opens_wholly_on_the_one_with_the_pointer_new_or_again() {
    let Some(session) = displays::session() else { return };
    settings(&session, "grace_seconds = 1\n");
    let panel = Panel::start(&session);
    let usher = session.usher(&["--hidden"]);
    panel.item();
    for display in [DISPLAYS[1], DISPLAYS[0]] {
        display.use_on(&session);
        opens(&session, || session.press(CHORD));
        display.holds_the_window(&session);
        closes(&session, || session.press(CHORD));
        eventually("the tray process is alone again", || usher.names() == ["usher-desktop"]);
    }
    settings(&session, "grace_seconds = 600\n");
    for display in [DISPLAYS[1], DISPLAYS[0], DISPLAYS[1]] {
        display.use_on(&session);
        opens(&session, || session.press(CHORD));
        display.holds_the_window(&session);
        closes(&session, || session.press(CHORD));
    }
}

#[test]
fn a_window_larger_than_the_display_in_use_fits_into_it_and_is_as_large_as_before_on_one_that_has_room() {
    let Some(session) = displays::session() else { return };
    let kept = r#"{"width":960.0,"height":680.0}"#;
    session.write(".local/state/usher/window.json", kept);
    settings(&session, "grace_seconds = 600\n");
    let panel = Panel::start(&session);
    let _usher = session.usher(&["--hidden"]);
    panel.item();
    for display in [DISPLAYS[0], DISPLAYS[1], DISPLAYS[0]] {
        display.use_on(&session);
        opens(&session, || session.press(CHORD));
        display.holds_the_window(&session);
        if display == DISPLAYS[1] {
            let mut size = None;
            let is_so = within(DEADLINE, || {
                size = session.window_size();
                size == Some((960, 680))
            });
            assert!(
                is_so,
                "the window is to be as large as before, and is {size:?}; kept: {}",
                kept_size(&session)
            );
        }
        closes(&session, || session.press(CHORD));
        assert_eq!(kept_size(&session), kept, "nobody has chosen another size");
    }
}

#[test]
fn a_window_whose_display_is_unplugged_while_it_is_out_of_sight_comes_back_on_the_one_that_is_left() {
    let Some(session) = displays::session() else { return };
    settings(&session, "grace_seconds = 600\n");
    let panel = Panel::start(&session);
    let _usher = session.usher(&["--hidden"]);
    panel.item();
    DISPLAYS[1].use_on(&session);
    opens(&session, || session.press(CHORD));
    DISPLAYS[1].holds_the_window(&session);
    session.resize_window(960, 680);
    eventually("the window is larger", || session.window_size() == Some((960, 680)));
    closes(&session, || session.press(CHORD));
    displays::unplug_the_right_one(&session);
    opens(&session, || session.press(CHORD));
    DISPLAYS[0].holds_the_window(&session);
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
fn a_brake_waits_in_the_window_for_a_yes() {
    let session = session!(Bus::Private);
    let rule = crate::RULES.replace("    filters:", "    limit: 1\n    filters:");
    session.write(".config/usher/rules/invoices.yaml", &rule);
    for name in ["a", "b", "c"] {
        session.write(&format!("Inbox/{name}.pdf"), name);
    }
    let filed = || fs::read_dir(session.home().join("Invoices")).map_or(0, Iterator::count);
    let window = Driver::open(&session);
    window.loads();
    window.shows("wants to act on 2 more files");
    assert_eq!(filed(), 1, "it keeps to its limit");
    window.press("Go on");
    eventually("the others are filed", || filed() == 3);
    window.until("the question is gone", "return !document.body.innerText.includes('wants to act on')");
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
