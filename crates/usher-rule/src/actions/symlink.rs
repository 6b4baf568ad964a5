//! `symlink`: a link that names the original's path.
//!
//! The link says the absolute path, whatever the rule's location looks like: a relative one would lead somewhere else
//! from the folder the link is in.

use super::link::Link;
use super::{Action, conflict, destination};
use crate::load::{Reader, Spec};

pub(super) const SPEC: Spec = Spec {
    positional: Some("dest"),
    params: &[destination::DEST, conflict::ON_CONFLICT, conflict::RENAME_TEMPLATE, destination::AUTODETECT],
    ..Spec::new("symlink", "makes a symbolic link to the file or folder; the next actions see the original")
};

pub(super) fn read(reader: &mut Reader<'_, '_>) -> Option<Box<dyn Action>> {
    Some(Link::read(reader, SPEC.name, false))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use crate::World;
    use crate::fake::Fake;

    #[test]
    fn the_link_says_the_whole_path_and_the_next_action_sees_the_original() {
        let world = Fake::new().file("/in/a.txt", "x").dir("/in/tree");
        assert_eq!(
            world.run("- symlink: /links/\n- echo: '{path}'", "/in/a.txt"),
            "symlink /in/a.txt -> /links/a.txt\necho /in/a.txt\n"
        );
        assert_eq!(world.link_target(Path::new("/links/a.txt")).unwrap(), Path::new("/in/a.txt"));
        assert_eq!(world.run("- symlink: ../links/t", "/in/tree"), "symlink /in/tree -> /links/t/tree\n");
    }

    #[test]
    fn the_same_link_is_not_made_twice_and_another_one_gets_its_own_name() {
        let world = Fake::new().file("/in/a", "1").file("/other/a", "2").dir("/in/tree");
        world.run("- symlink: /links/", "/in/a");
        assert_eq!(world.run("- symlink: /links/", "/in/a"), "symlink /in/a (already there)\n");
        assert_eq!(world.run("- symlink: /links/", "/other/a"), "symlink /other/a -> /links/a 2\n");
        let replace = "- symlink: {dest: /links/, on_conflict: overwrite}";
        assert_eq!(
            world.run(replace, "/other/a"),
            "symlink /other/a -> /links/a (replaces what was there)\n"
        );
        let inside = world.run("- symlink: /in/tree/self.d", "/in/tree");
        assert!(inside.starts_with("error: /in/tree cannot go into itself"), "{inside}");
    }
}
