//! `notify` where nobody shows notifications: nothing is lost, nothing waits, and the user is told.

use std::fs;
use std::io::{BufRead, BufReader};
use std::os::unix::net::UnixListener;
use std::path::PathBuf;
use std::process::{Command, Stdio};

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

/// A bus of its own on which no service is started.
const BUS: &str = r#"<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:path=SOCKET</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
"#;

/// Starts it; `None` where there is no such program.
#[expect(clippy::print_stderr, reason = "a test that is skipped says why")]
fn bus(home: &Home) -> Option<(Background, PathBuf)> {
    let (config, socket) = (home.path("bus.conf"), home.path("bus"));
    fs::write(&config, BUS.replace("SOCKET", socket.to_str().unwrap())).unwrap();
    let mut command = Command::new("dbus-daemon");
    command.arg(format!("--config-file={}", config.display())).args(["--nofork", "--print-address"]);
    let Ok(mut child) = command.stdout(Stdio::piped()).spawn() else {
        eprintln!("skipped: there is no dbus-daemon here");
        return None;
    };
    let mut lines = BufReader::new(child.stdout.take().unwrap());
    lines.read_line(&mut String::new()).unwrap();
    Some((Background(child), socket))
}

/// The command with this session bus.
fn on_bus(mut command: Command, socket: &std::path::Path) -> Command {
    command.env("DBUS_SESSION_BUS_ADDRESS", format!("unix:path={}", socket.display()));
    command
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
    let nowhere = home.path("no-bus-here");
    file_two(&home, on_bus(home.command(["watch"]), &nowhere), true);
}

#[test]
fn with_nobody_on_the_bus_the_rest_of_the_rule_is_done_and_the_user_is_told() {
    let home = Home::with_rules(NOTIFY_AND_FILE);
    let Some((_bus, socket)) = bus(&home) else { return };
    file_two(&home, on_bus(home.command(["watch"]), &socket), true);
}

#[test]
fn a_bus_that_never_answers_keeps_nothing_waiting() {
    let home = Home::with_rules(NOTIFY_AND_FILE);
    let socket = home.path("deaf");
    let _deaf = UnixListener::bind(&socket).unwrap();
    file_two(&home, on_bus(home.command(["watch"]), &socket), false);
}

#[test]
fn a_command_that_ends_has_shown_its_notifications_before() {
    let home = Home::with_rules(NOTIFY_AND_FILE);
    let Some((_bus, socket)) = bus(&home) else { return };
    let seen = home.path("seen");
    let mut monitor = on_bus(Command::new("dbus-monitor"), &socket);
    monitor.args(["--session", "interface='org.freedesktop.Notifications',member='Notify'"]);
    let Ok(child) = monitor.stdout(fs::File::create(&seen).unwrap()).spawn() else {
        eprintln!("skipped: there is no dbus-monitor here");
        return;
    };
    let _monitor = Background(child);
    until("the bus is listened to", || fs::metadata(&seen).unwrap().len() > 0);
    home.write("in/a.txt", "x");
    let ran = home.said(on_bus(home.command(["run"]), &socket).output().unwrap());
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    until("the notification was sent", || fs::read_to_string(&seen).unwrap().contains("got a"));
}
