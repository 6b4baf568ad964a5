//! The tray icon and its menu.

use std::fs;
use std::time::Duration;

use serde_json::json;

use crate::driver::Driver;
use crate::panel::Panel;
use crate::session::{Bus, eventually, within};
use crate::{CHORD, closes, opens, settings};

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
fn a_rule_is_run_from_the_menu() {
    let session = session!(Bus::Private);
    let panel = Panel::start(&session);
    let _usher = session.usher(&["--hidden"]);
    let item = panel.item();
    eventually("the inbox is watched", || item.tooltip().contains("watches one folder"));
    // Nothing is filed by itself.
    item.choose("For 1 hour");
    eventually("the icon says that it is paused", || item.tooltip().contains("paused"));
    let bill = session.write("Inbox/bill.pdf", "twelve francs");
    let rules = item.line("Run a rule").expect("a menu of rules");
    assert!(rules.lines.iter().any(|rule| rule.label == "File invoices"));
    item.choose("File invoices");
    eventually("the bill is filed", || session.home().join("Invoices/bill.pdf").exists() && !bill.exists());
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
fn a_panel_that_comes_later_gets_the_icon() {
    let session = session!(Bus::Private);
    let _usher = session.usher(&["--hidden"]);
    eventually("the missing panel is said", || session.stderr().contains("no tray icons"));
    opens(&session, || session.press(CHORD));
    let panel = Panel::start(&session);
    eventually("the icon is there", || panel.item().tooltip().contains("Usher"));
    assert_eq!(session.stderr().matches("no tray icons").count(), 1, "{}", session.stderr());
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
