use std::ffi::OsString;

use crate::fake::Fake;
use crate::{Op, Stat, World};

fn world() -> Fake {
    Fake::new().file("/in/a.txt", "new").file("/out/a.txt", "old")
}

#[test]
fn a_folder_keeps_the_name_and_missing_ones_are_made() {
    let world = Fake::new().file("/in/a.txt", "x");
    let ops = world.plan("- move: /out/deep/", "/in/a.txt");
    assert_eq!(
        ops,
        [
            Op::MakeDir { path: "/out".into() },
            Op::MakeDir { path: "/out/deep".into() },
            Op::Move { from: "/in/a.txt".into(), to: "/out/deep/a.txt".into() },
        ]
    );
}

#[test]
fn without_a_slash_the_dot_decides() {
    for (dest, to) in [
        ("/out/v2", "/out/v2/a.txt"),
        ("/out/v2.0", "/out/v2.0"),
        ("/out/b.txt", "/out/b.txt"),
        ("{dest: /out/v2, autodetect_folder: false}", "/out/v2"),
        ("~/Documents", "/home/me/Documents/a.txt"),
        ("relative/", "/here/relative/a.txt"),
        ("/out/../x/", "/x/a.txt"),
        ("/out/{path.suffix[1:]}/", "/out/txt/a.txt"),
    ] {
        let world = Fake::new().file("/in/a.txt", "x");
        assert_eq!(
            world.run(&format!("- move: {dest}"), "/in/a.txt"),
            format!("move /in/a.txt -> {to}\n"),
            "{dest}"
        );
    }
}

#[test]
fn an_existing_folder_receives_the_file_whatever_its_name() {
    let world = Fake::new().file("/in/a.txt", "x").dir("/out/v2.0").link("/door", "/out");
    assert_eq!(world.run("- copy: /out/v2.0", "/in/a.txt"), "copy /in/a.txt -> /out/v2.0/a.txt\n");
    assert_eq!(world.run("- move: /door", "/in/a.txt"), "move /in/a.txt -> /door/a.txt\n");
}

#[test]
fn a_folder_is_not_made_where_a_file_is() {
    let world = Fake::new().file("/in/a.txt", "x").file("/out", "x");
    assert_eq!(
        world.run("- move: /out/", "/in/a.txt"),
        "error: /out is meant to be a folder, and a file of this name exists\n"
    );
    assert_eq!(world.run("- move: /out/deep/", "/in/a.txt"), "error: /out is not a folder\n");
}

#[test]
fn skip_leaves_everything_and_goes_on_with_the_original() {
    let world = world();
    let said = world.run("- move: {dest: /out/, on_conflict: skip}\n- echo: '{path}'", "/in/a.txt");
    assert_eq!(said, "move /in/a.txt (/out/a.txt exists already)\necho /in/a.txt\n");
    assert_eq!(world.text("/out/a.txt"), "old");
}

#[test]
fn overwrite_stashes_and_trash_trashes_what_was_there() {
    let ops = world().plan("- move: {dest: /out/, on_conflict: overwrite}", "/in/a.txt");
    assert_eq!(ops[0], Op::Stash { path: "/out/a.txt".into() });
    let ops = world().plan("- move: {dest: /out/, on_conflict: trash}", "/in/a.txt");
    assert_eq!(ops[0], Op::Trash { path: "/out/a.txt".into() });
    let world = world();
    world.run("- move: {dest: /out/, on_conflict: overwrite}", "/in/a.txt");
    assert_eq!(world.text("/out/a.txt"), "new");
}

#[test]
fn rename_new_takes_the_first_free_name() {
    let world = world().file("/out/a 2.txt", "").file("/out/a 4.txt", "");
    assert_eq!(world.run("- move: /out/", "/in/a.txt"), "move /in/a.txt -> /out/a 3.txt\n");
}

#[test]
fn rename_existing_moves_the_other_aside() {
    let world = world();
    let said = world.run("- move: {dest: /out/, on_conflict: rename_existing}", "/in/a.txt");
    assert_eq!(said, "move /in/a.txt -> /out/a.txt (what was there becomes a 2.txt)\n");
    assert_eq!((world.text("/out/a.txt"), world.text("/out/a 2.txt")), ("new".to_owned(), "old".to_owned()));
}

#[test]
fn a_free_name_is_no_longer_than_a_name_may_be() {
    let (long, short) = ("n".repeat(251), "n".repeat(249));
    let world = || Fake::new().file(format!("/in/{long}.txt"), "new").file(format!("/out/{long}.txt"), "old");
    let run = |params: &str| {
        let actions = format!("- move: {{dest: /out/, {params}}}");
        let said = world().run(&actions, format!("/in/{long}.txt"));
        said.strip_prefix(&format!("move /in/{long}.txt -> /out/")).unwrap_or(&said).to_owned()
    };
    assert_eq!(run("on_conflict: rename_new"), format!("{short} 2.txt\n"));
    assert_eq!(
        run("on_conflict: rename_existing"),
        format!("{long}.txt (what was there becomes {short} 2.txt)\n")
    );
    assert_eq!(run("rename_template: '{name}-{counter}{extension}'"), format!("{short}-2.txt\n"));
    // Twice the name is cut twice.
    let twice = run("rename_template: '{name}{counter}{name}{extension}'");
    assert!(twice.len() <= 256 && twice.contains("n2n") && twice.ends_with(".txt\n"), "{twice}");
    for template in ["{counter}{'x' * 300}", "{counter}{extension * 70}"] {
        let said = run(&format!("rename_template: \"{template}\""));
        assert!(said.contains("is too long for the file system there"), "{said}");
    }
}

#[test]
fn names_that_are_too_long_are_refused_when_they_are_planned() {
    let world = Fake::new().file("/in/a.txt", "x").dir("/out");
    let long = "n".repeat(256);
    for action in [
        format!("move: /out/{long}.txt"),
        format!("copy: /out/new/{long}/"),
        format!("rename: '{long}'"),
        format!("symlink: /out/{long}.txt"),
        format!("write: {{text: x, outfile: /new/{long}/x.txt}}"),
        format!("archive: /out/{long}.zip"),
    ] {
        let said = world.run(&format!("- {action}"), "/in/a.txt");
        assert!(said.ends_with(" is too long for the file system there\n"), "{said}");
        assert!(said.starts_with("error: the name of /"), "{said}");
    }
}

#[test]
fn deduplicate_compares_bytes_and_not_times() {
    let same = Fake::new().file("/in/a.txt", "same").file("/out/a.txt", "same");
    let said = same.run("- move: {dest: /out/, on_conflict: deduplicate}", "/in/a.txt");
    assert_eq!(said, "move /in/a.txt (/out/a.txt has the same content)\n");
    assert!(same.has("/in/a.txt"));
    let other = Fake::new().file("/in/a.txt", "same").file("/out/a.txt", "sAme");
    assert_eq!(
        other.run("- move: {dest: /out/, on_conflict: deduplicate}", "/in/a.txt"),
        "move /in/a.txt -> /out/a 2.txt\n"
    );
    let longer = Fake::new().file("/in/a.txt", "same").file("/out/a.txt", "same, longer");
    longer.plan("- move: {dest: /out/, on_conflict: deduplicate}", "/in/a.txt");
    assert_eq!(longer.reads(), 0, "sizes say enough");
}

#[test]
fn long_files_that_differ_at_the_end_are_no_duplicates() {
    let text = "x".repeat(700_000);
    let world = Fake::new().file("/in/a", &format!("{text}a")).file("/out/a", &format!("{text}b"));
    assert!(!world.same_content("/in/a".as_ref(), "/out/a".as_ref()).expect("readable"));
    let world = Fake::new().file("/in/a", &text).file("/out/a", &text);
    assert!(world.same_content("/in/a".as_ref(), "/out/a".as_ref()).expect("readable"));
}

#[test]
fn names_are_made_by_the_template() {
    let dest = |template: &str| format!("- move: {{dest: /out/, rename_template: '{template}'}}");
    assert_eq!(
        world().run(&dest("{name}-{\"%03d\" | format(counter)}{extension}"), "/in/a.txt"),
        "move /in/a.txt -> /out/a-002.txt\n"
    );
    let world = world().file("/out/copy of a.txt", "");
    assert_eq!(
        world.run(&dest("copy of {name}{extension}"), "/in/a.txt"),
        "error: `copy of {name}{extension}` makes no further name beside /out/a.txt\n"
    );
    assert_eq!(world.run(&dest("x/{counter}"), "/in/a.txt"), "error: the new name `x/2` contains a slash\n");
}

#[test]
fn a_file_that_is_there_already_stays() {
    let world = Fake::new().file("/in/a.txt", "x").hard_link("/in/b.txt", "/in/a.txt");
    assert_eq!(world.run("- move: /in/", "/in/a.txt"), "move /in/a.txt (already there)\n");
    // Another name of the file is in the way like any other file; the bytes have two names and lose one.
    assert_eq!(
        world.run("- move: {dest: /in/b.txt, on_conflict: overwrite}", "/in/a.txt"),
        "move /in/a.txt -> /in/b.txt (replaces what was there)\n"
    );
}

#[test]
fn folders_do_not_go_into_themselves_nor_replace_what_they_lie_in() {
    let world = Fake::new().file("/in/a/a/x", "x");
    assert_eq!(world.run("- move: /in/a/b/", "/in/a"), "error: /in/a cannot go into itself\n");
    assert_eq!(
        world.run("- move: {dest: /in/, on_conflict: overwrite}", "/in/a/a"),
        "error: /in/a cannot give way: /in/a/a lies in it\n"
    );
    assert_eq!(world.run("- move: /in/", "/in/a/a"), "move /in/a/a -> /in/a 2\n");
}

#[test]
fn nor_where_the_folder_is_mounted_elsewhere_as_well() {
    let world = || Fake::new().file("/in/a/x", "").hard_link("/mnt", "/in/a").dir("/mnt/deep");
    for action in ["move", "copy"] {
        let said = world().run(&format!("- {action}: /mnt/deep/"), "/in/a");
        assert_eq!(said, "error: /in/a cannot go into itself\n");
    }
    let world = Fake::new().file("/in/x/x", "").hard_link("/out/x", "/in/x");
    let said = world.run("- move: {dest: /out/, on_conflict: overwrite}", "/in/x/x");
    assert_eq!(said, "error: /out/x cannot give way: /in/x/x lies in it\n");
}

#[test]
fn what_placeholders_put_in_cannot_lead_out() {
    let world = Fake::new().file("/in/..x.txt", "x").with_env("UP", "..").with_env("OUT", "/elsewhere");
    let filter = "filters: [{regex: '^(?P<up>..)'}]";
    let said = world.run_with(filter, "- move: '/out/{regex.up}/y/'", "/in/..x.txt");
    assert_eq!(said, "error: a placeholder puts `..` into the destination `/out/../y/`\n");
    let said = world.run_with(filter, "- move: '/out/.{regex.up[1:]}/y/'", "/in/..x.txt");
    assert!(said.starts_with("error: a placeholder puts `..`"), "{said}");
    let said = world.run("- move: '/out/{env.UP}/'", "/in/..x.txt");
    assert!(said.starts_with("error: a placeholder puts `..`"), "{said}");
    let said = world.run("- move: '/out/{path.stem}/../../../etc/'", "/in/..x.txt");
    assert_eq!(said, "error: the destination /etc would lie outside /out\n");
    assert_eq!(world.run("- copy: '{env.OUT}/'", "/in/..x.txt"), "copy /in/..x.txt -> /elsewhere/..x.txt\n");
    assert_eq!(
        world.run("- copy: '/out/{env.OUT}/'", "/in/..x.txt"),
        "copy /in/..x.txt -> /out/elsewhere/..x.txt\n"
    );
}

#[test]
fn names_are_never_expanded() {
    let world = Fake::new().file("/in/$HOME", "x").file("/in/~", "x").with_env("HOME", "/home/me");
    assert_eq!(
        world.run("- copy: '$HOME/{path.name}/'", "/in/$HOME"),
        "copy /in/$HOME -> /home/me/$HOME/$HOME\n"
    );
    assert_eq!(world.run("- copy: '{path.name}/'", "/in/~"), "copy /in/~ -> /here/~/~\n");
}

#[cfg(unix)]
#[test]
fn a_name_that_is_not_text_is_kept_to_the_byte_and_never_made_into_another() {
    use std::os::unix::ffi::OsStringExt;
    let name = OsString::from_vec(b"caf\xe9.txt".to_vec());
    let path = std::path::Path::new("/in").join(&name);
    let world = Fake::new().file(&path, "x").file(std::path::Path::new("/out").join(&name), "old");
    let said = world.run("- move: '/out/{path.stem}/'", &path);
    assert!(said.starts_with("error: the name of /in/caf\u{fffd}.txt is not text"), "{said}");
    world.run("- move: /out/", &path);
    let renamed = OsString::from_vec(b"caf\xe9 2.txt".to_vec());
    assert!(world.has(std::path::Path::new("/out").join(renamed)));
}

#[test]
fn odd_names_are_names() {
    for name in ["two\nlines.txt", " ", "-rf", "a{b}.txt", "{{7*7}}", "\u{202e}x", "%s", "emoji 🦀.txt"] {
        let world = Fake::new().file(format!("/in/{name}"), "x");
        world.run("- move: '/out/{path.name}/'\n- rename: '{path.name}!'", format!("/in/{name}"));
        assert!(world.has(format!("/out/{name}/{name}!")), "{name:?}");
    }
}

#[test]
fn a_link_that_leads_nowhere_is_in_the_way_like_any_other_thing() {
    let world = || Fake::new().file("/in/a.txt", "x").link("/out/a.txt", "/gone").dir("/out");
    for (mode, said) in [
        ("skip", "move /in/a.txt (/out/a.txt exists already)\n"),
        ("overwrite", "move /in/a.txt -> /out/a.txt (replaces what was there)\n"),
        ("deduplicate", "move /in/a.txt -> /out/a 2.txt\n"),
    ] {
        let action = format!("- move: {{dest: /out/, on_conflict: {mode}}}");
        assert_eq!(world().run(&action, "/in/a.txt"), said);
    }
    let world = Fake::new().file("/in/a.txt", "x").link("/out", "/gone");
    for dest in ["/out", "/out/"] {
        assert_eq!(
            world.run(&format!("- move: {dest}"), "/in/a.txt"),
            "error: /out is meant to be a folder, and is a link that leads nowhere\n"
        );
    }
}

#[test]
fn the_fake_knows_hard_links() {
    let world = Fake::new().file("/a", "x").hard_link("/b", "/a");
    let inode = |path: &str| world.stat(path.as_ref()).map(|stat: Stat| stat.inode).ok();
    assert_eq!(inode("/a"), inode("/b"));
}
