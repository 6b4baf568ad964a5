//! `notify` where nobody shows notifications: nothing is lost, nothing waits, and the user is told.

use std::fs;
use std::os::unix::net::UnixListener;
use std::process::Command;

use usher_testkit::Bus;

use crate::home::{Background, Home, until};

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
