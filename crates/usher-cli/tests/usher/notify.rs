//! `notify` where nobody shows notifications: nothing is lost, nothing waits, and the user is told.

use std::fs;
use std::os::unix::net::UnixListener;
use std::process::Command;

use usher_testkit::{Bus, Daemon, MOCK};

use crate::home::{Background, Home, names, until};

const NOTIFY_AND_FILE: &str = "
rules:
  - name: Tell and file
    locations: ~/in
    settle: 0
    actions:
      - notify: 'got {path.name}'
      - move: ~/out/
";

/// The command with this session bus.
fn on_bus(mut command: Command, address: &str) -> Command {
    command.env("DBUS_SESSION_BUS_ADDRESS", address);
    command
}

fn at(socket: &std::path::Path) -> String {
    format!("unix:path={}", socket.display())
}

/// Files two files and ends; says what waits for the user meanwhile.
fn file_two(home: &Home, command: Command, told: bool) {
    let watching = home.watch_by(command);
    for name in ["a.txt", "b.txt"] {
        home.write(format!("in/{name}"), "x");
        until("it is filed", || home.path("out").join(name).exists());
    }
    until("all steps have ended", || {
        let steps = home.json(&["log", "--json"]);
        steps.len() == 4 && steps.iter().all(|step| step["state"] == "done")
    });
    if told {
        until("the user is told that nobody shows notifications", || {
            let status = &home.json(&["status", "--json"])[0];
            status["attention"].as_array().unwrap().iter().any(|one| one["code"] == "notifications")
        });
    }
    let (status, _) = watching.terminate();
    assert!(status.success(), "{status}");
}

#[test]
fn without_a_bus_the_rest_of_the_rule_is_done_and_the_user_is_told() {
    let home = Home::with_rules(NOTIFY_AND_FILE);
    let nowhere = at(&home.path("no-bus-here"));
    file_two(&home, on_bus(home.command(["watch"]), &nowhere), true);
}

#[test]
fn with_nobody_on_the_bus_the_rest_of_the_rule_is_done_and_the_user_is_told() {
    let home = Home::with_rules(NOTIFY_AND_FILE);
    let bus = Bus::running();
    file_two(&home, on_bus(home.command(["watch"]), &bus.address()), true);
}

#[test]
fn a_bus_that_never_answers_keeps_nothing_waiting() {
    let home = Home::with_rules(NOTIFY_AND_FILE);
    let socket = home.path("deaf");
    let _deaf = UnixListener::bind(&socket).unwrap();
    file_two(&home, on_bus(home.command(["watch"]), &at(&socket)), false);
}

#[test]
fn a_command_that_ends_has_shown_its_notifications_before() {
    let home = Home::with_rules(NOTIFY_AND_FILE);
    let bus = Bus::running();
    let seen = home.path("seen");
    let mut monitor = on_bus(Command::new("dbus-monitor"), &bus.address());
    monitor.args(["--session", "interface='org.freedesktop.Notifications',member='Notify'"]);
    let Ok(child) = monitor.stdout(fs::File::create(&seen).unwrap()).spawn() else {
        eprintln!("skipped: there is no dbus-monitor here");
        return;
    };
    let _monitor = Background(child);
    until("the bus is listened to", || fs::metadata(&seen).unwrap().len() > 0);
    home.write("in/a.txt", "x");
    let ran = home.said(on_bus(home.command(["run"]), &bus.address()).output().unwrap());
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    until("the notification was sent", || fs::read_to_string(&seen).unwrap().contains("got a"));
}

const SERVICE: &str = "org.freedesktop.Notifications";
const AT: &str = "/org/freedesktop/Notifications";

/// A notification service that can do this, and numbers what it shows from 1.
fn service(bus: &Bus, can: &str) -> Daemon {
    let daemon = bus.bare(SERVICE, AT);
    let number = "self.shown = getattr(self, 'shown', 0) + 1\nret = self.shown";
    for (name, takes, gives, code) in [
        ("GetCapabilities", "", "as", format!("ret = {can}").as_str()),
        ("Notify", "susssasa{sv}i", "u", number),
    ] {
        daemon.call(AT, MOCK, "AddMethod", &(SERVICE, name, takes, gives, code));
    }
    daemon
}

/// Title, text and buttons of everything that was shown.
fn shown(daemon: &Daemon) -> Vec<[String; 3]> {
    let calls = daemon.calls(AT, "Notify");
    calls.iter().map(|call| [&call[3], &call[4], &call[5]].map(|value| format!("{value:?}"))).collect()
}

#[test]
fn a_click_on_undo_takes_the_run_back_and_says_what_came_of_it() {
    let home = Home::with_rules(NOTIFY_AND_FILE);
    let bus = Bus::running();
    let daemon = service(&bus, "['body', 'actions']");
    let click = |id: u32| daemon.emit(AT, SERVICE, "ActionInvoked", "us", &[id.into(), "undo".into()]);
    let _watching = home.watch_by(on_bus(home.command(["watch"]), &bus.address()));
    home.write("in/a.txt", "x");
    until("it is filed and told of", || home.path("out/a.txt").exists() && shown(&daemon).len() == 1);
    assert!(shown(&daemon)[0][2].contains("Undo"), "{:?}", shown(&daemon));
    click(1);
    until("it is back", || home.path("in/a.txt").exists() && !home.path("out/a.txt").exists());
    until("that is told", || shown(&daemon).len() == 2);
    assert!(shown(&daemon)[1][0].contains("Undone."), "{:?}", shown(&daemon));

    home.write("in/b.txt", "y");
    until("the next is filed and told of", || home.path("out/b.txt").exists() && shown(&daemon).len() == 3);
    fs::remove_file(home.path("out/b.txt")).unwrap();
    click(3);
    until("the refusal is told", || shown(&daemon).len() == 4);
    let [title, text, _] = &shown(&daemon)[3];
    assert!(title.contains("could not be undone") && text.contains("b.txt"), "{title}: {text}");
}

#[test]
fn what_is_asked_on_the_terminal_is_notified_of_only_when_nobody_has_answered() {
    let home = Home::with_rules(
        "rules: [{name: Careful, when: started, locations: ~/in, limit: 1, actions: [move: ~/out/]}]",
    );
    let bus = Bus::running();
    let daemon = service(&bus, "['body']");
    let _watching = home.watch_by(on_bus(home.command(["watch"]), &bus.address()));
    let asked = |daemon: &Daemon| shown(daemon).len();
    let two = || ["a", "b"].map(|name| home.write(format!("in/{name}"), name));
    two();
    let said = home.usher_told(&["run", "--rule", "Careful"], "y\n");
    assert!(said.code == Some(0) && said.err.contains("[y/N]"), "{}{}", said.out, said.err);
    assert_eq!(names(&home.path("out")), ["a", "b"]);
    assert_eq!(asked(&daemon), 0, "whoever sat there has answered: {:?}", shown(&daemon));
    two();
    let said = home.usher_told(&["run", "--rule", "Careful"], "");
    assert_eq!(said.code, Some(4), "{}{}", said.out, said.err);
    until("the question is told elsewhere", || asked(&daemon) > 0);
    // One that was sent before, and is still on its way, has come by now.
    std::thread::sleep(std::time::Duration::from_millis(500));
    assert_eq!(asked(&daemon), 1, "{:?}", shown(&daemon));
    let status = &home.json(&["status", "--json"])[0];
    assert!(status["attention"].as_array().unwrap().iter().any(|one| one["code"] == "question"));
}

#[test]
fn where_there_are_no_buttons_none_is_asked_for() {
    let home = Home::with_rules(NOTIFY_AND_FILE);
    let bus = Bus::running();
    let daemon = service(&bus, "['body']");
    let _watching = home.watch_by(on_bus(home.command(["watch"]), &bus.address()));
    home.write("in/a.txt", "x");
    until("it is told of", || shown(&daemon).len() == 1);
    assert!(!shown(&daemon)[0][2].contains("Undo"), "{:?}", shown(&daemon));
}

#[test]
fn a_digest_that_is_due_says_once_what_was_done_though_rules_may_not_notify() {
    let home = Home::with_rules(NOTIFY_AND_FILE);
    home.write("in/a.txt", "x");
    assert_eq!(home.usher(&["run"]).code, Some(0));
    let settings = home.rules().with_file_name("settings.toml");
    fs::write(&settings, "digest = \"00:00\"\nnotifications = false\n").unwrap();
    let memory = home.base().join("state/usher/agent.json");
    fs::write(&memory, r#"{"digested": "1970-01-02T00:00:00Z"}"#).unwrap();
    let bus = Bus::running();
    let daemon = service(&bus, "['body']");
    let _watching = home.watch_by(on_bus(home.command(["watch"]), &bus.address()));
    until("the digest is shown", || shown(&daemon).len() == 1);
    let [title, text, _] = &shown(&daemon)[0];
    assert!(
        title.contains("2 steps since the last digest") && text.contains("Tell and file: 2"),
        "{title} {text}"
    );
    let noted = fs::read_to_string(&memory).unwrap();
    assert!(!noted.contains("1970") && noted.contains("digested"), "{noted}");
    fs::write(settings, "notifications = false\n").unwrap();
    until("without a digest none is waited for", || {
        !fs::read_to_string(&memory).unwrap().contains("digested")
    });
    assert_eq!(shown(&daemon).len(), 1);
}
