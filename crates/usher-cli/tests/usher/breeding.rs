//! Commands that work within the location of their own rule: a real `usher watch` does not go on with them for ever.

use crate::home::{Home, names, until};

/// The steps of the journal that have ended.
fn steps(home: &Home) -> usize {
    home.json(&["log", "--json"]).iter().filter(|step| step["state"] != "intended").count()
}

#[test]
fn a_command_that_copies_its_own_copies_comes_to_an_end_and_the_status_says_why() {
    let home = Home::with_rules(
        "rules: [ { name: Back up, locations: ~/in, actions: [ shell: 'cp {path} {path}.bak' ] } ]",
    );
    let _watching = home.watch();
    home.write("in/a.txt", "a");
    let stopped = || {
        let status = home.json(&["status", "--json"]).remove(0);
        let attention = status["attention"].as_array().unwrap();
        attention.iter().find(|one| one["code"] == "loop_stopped").cloned()
    };
    until("it is stopped", || stopped().is_some());
    let stopped = stopped().unwrap();
    assert!(stopped["message"]["text"].as_str().unwrap().ends_with(": Back up -> Back up"), "{stopped}");
    assert!(
        stopped["hint"]["text"].as_str().unwrap().contains("outside of the rule's locations"),
        "{stopped}"
    );
    // Another file shows that nothing of the first one goes on meanwhile.
    home.write("in/b.txt", "b");
    until("the other one has come as far", || home.path("in/b.txt.bak.bak.bak").exists());
    until("all of it is written down", || steps(&home) == 6);
    let copies = ["", ".bak", ".bak.bak", ".bak.bak.bak"];
    let all: Vec<String> =
        ["a", "b"].iter().flat_map(|name| copies.map(|copy| format!("{name}.txt{copy}"))).collect();
    assert_eq!(names(&home.path("in")), all);
}

#[test]
fn a_file_that_its_command_renames_is_handled_once() {
    let home = Home::with_rules(
        "rules: [ { locations: ~/in, actions: [ shell: 'mv {path} {path.parent}/x{path.name}; sleep 1' ] } ]",
    );
    let watching = home.watch();
    home.write("in/a.txt", "a");
    until("it is renamed", || home.path("in/xa.txt").exists());
    // The second file is there before the command is done with the first, and is handled beside it.
    home.write("in/b.txt", "b");
    until("both are written down", || steps(&home) == 2);
    watching.terminate();
    let _watching = home.watch();
    home.write("in/c.txt", "c");
    until("the third one is written down", || steps(&home) == 3);
    assert_eq!(names(&home.path("in")), ["xa.txt", "xb.txt", "xc.txt"]);
}
