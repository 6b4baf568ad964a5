//! More directories than the kernel lets one user watch: a limit of its own in a user namespace, and a real refusal.

use std::fs;
use std::process::{Command, Stdio};

use crate::home::{Home, Watching, until};

/// What is watched besides the tree (the way to it and to the rules) needs some of these.
const LIMIT: usize = 40;
const FOLDERS: usize = 60;

const FILE_TREE: &str = "
rules:
  - name: File the tree
    locations: ~/in
    subfolders: true
    actions:
      - move: ~/out/
";

/// Sets a limit for the namespace it runs in, then becomes the command that follows.
const LIMITED: &str = "echo \"$0\" > /proc/sys/user/max_inotify_watches && exec \"$@\"";

/// A command in a user namespace where only so many directories can be watched.
fn limited(command: &Command) -> Command {
    let mut limited = Command::new("unshare");
    limited.args(["--user", "--map-root-user", "sh", "-c", LIMITED, &LIMIT.to_string()]);
    limited.arg(command.get_program()).args(command.get_args()).stdin(Stdio::null()).env_clear();
    limited.envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))));
    limited.current_dir(command.get_current_dir().unwrap());
    limited
}

#[test]
fn directories_beyond_the_kernels_limit_are_polled_and_said_to_be() {
    let home = Home::with_rules(FILE_TREE);
    let allowed = limited(Command::new("true").current_dir(home.user())).status();
    if !allowed.is_ok_and(|status| status.success()) {
        eprintln!("skipped: user namespaces with limits of their own are not allowed here");
        return;
    }
    let folder = |nr: usize| home.path(format!("in/{nr:02}"));
    (0..FOLDERS).for_each(|nr| fs::create_dir(folder(nr)).unwrap());
    let _watching = Watching::start(limited(&home.command(["watch"])));
    until("part of the folder is polled", || {
        let status = &home.json(&["status", "--json"])[0]["folders"][0];
        let reason = status["reason"]["text"].as_str().unwrap_or_default();
        status["mode"] == "polling" && reason.contains(&format!("beyond the limit of watches (now {LIMIT})"))
    });
    (0..FOLDERS).for_each(|nr| fs::write(folder(nr).join(format!("file-{nr}")), "x").unwrap());
    // A directory that comes now finds no watch left either.
    fs::create_dir_all(home.path("in/new/deep")).unwrap();
    fs::write(home.path("in/new/deep/file-new"), "x").unwrap();
    until("every file is filed", || fs::read_dir(home.path("out")).unwrap().count() == FOLDERS + 1);
}
