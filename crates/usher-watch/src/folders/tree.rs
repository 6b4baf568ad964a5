//! The watched directories, kept small: one node a directory, full paths built only when somebody needs one.
//!
//! Pure data. The kernel is asked in `linux/kernel.rs`. A node is 36 bytes and its name, all names are in one piece, and
//! the links between nodes are indices, so that a tree of 20,000 directories takes little more than a megabyte.
//!
//! Each root has a tree of its own, even where roots overlap. The kernel knows a directory by its inode and hands out one
//! watch for all of a directory's names, so the nodes that share a watch form a chain, nearly always of length one.

use std::collections::HashMap;
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::PathBuf;

/// A root of the source, never reused.
pub(super) type RootId = u32;
/// A kernel watch.
pub(super) type Watch = i32;

/// A node's place in the tree; meaningless once the node is removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct NodeId(u32);

const NONE: NodeId = NodeId(u32::MAX);
/// The watch of a node that has none (yet).
const UNBOUND: Watch = -1;

struct Node {
    parent: NodeId,
    first_child: NodeId,
    next: NodeId,
    previous: NodeId,
    /// The next node with the same watch.
    alias: NodeId,
    watch: Watch,
    root: RootId,
    /// The directory's name; a top node holds its root's whole path.
    name: Name,
}

/// Where a name is in [`Names`].
#[derive(Clone, Copy)]
struct Name {
    start: u32,
    length: u32,
}

const NAMELESS: Name = Name { start: 0, length: 0 };

/// Names without a gap between them: most are so short that an allocation each would take several times their room.
#[derive(Default)]
struct Names {
    bytes: Vec<u8>,
    /// How many of the bytes belong to names that are not used any more.
    unused: usize,
}

impl Names {
    fn add(&mut self, name: &[u8]) -> Name {
        let start = self.bytes.len() as u32;
        self.bytes.extend_from_slice(name);
        Name { start, length: name.len() as u32 }
    }

    fn get(&self, name: Name) -> &OsStr {
        let start = name.start as usize;
        OsStr::from_bytes(&self.bytes[start..start + name.length as usize])
    }

    fn leave(&mut self, name: Name) {
        self.unused += name.length as usize;
    }

    /// Whether it is time to give back what is unused: so seldom that each name is copied about once.
    fn is_sparse(&self) -> bool {
        self.unused > 4096 && self.unused > self.bytes.len() / 2
    }
}

/// All watched directories of all roots.
#[derive(Default)]
pub(super) struct Tree {
    nodes: Vec<Node>,
    free: Vec<NodeId>,
    names: Names,
    by_watch: HashMap<Watch, NodeId>,
}

impl Tree {
    /// Adds the top of a root's tree.
    pub(super) fn add_top(&mut self, root: RootId, path: &OsStr) -> NodeId {
        self.insert(NONE, root, path)
    }

    /// Adds a directory below `parent`, without a watch.
    pub(super) fn add(&mut self, parent: NodeId, name: &OsStr) -> NodeId {
        let root = self.node(parent).root;
        let id = self.insert(parent, root, name);
        let first = self.node(parent).first_child;
        self.node_mut(id).next = first;
        if first != NONE {
            self.node_mut(first).previous = id;
        }
        self.node_mut(parent).first_child = id;
        id
    }

    fn insert(&mut self, parent: NodeId, root: RootId, name: &OsStr) -> NodeId {
        let node = Node {
            parent,
            first_child: NONE,
            next: NONE,
            previous: NONE,
            alias: NONE,
            watch: UNBOUND,
            root,
            name: self.names.add(name.as_bytes()),
        };
        match self.free.pop() {
            Some(id) => {
                *self.node_mut(id) = node;
                id
            }
            None => {
                self.nodes.push(node);
                NodeId((self.nodes.len() - 1) as u32)
            }
        }
    }

    /// Gives a node its watch. Says whether the watch was unknown before.
    pub(super) fn bind(&mut self, id: NodeId, watch: Watch) -> bool {
        self.unbind(id);
        let before = self.by_watch.insert(watch, id);
        let node = self.node_mut(id);
        node.watch = watch;
        node.alias = before.unwrap_or(NONE);
        before.is_none()
    }

    /// Takes a node's watch away. Returns the watch if no other node has it.
    fn unbind(&mut self, id: NodeId) -> Option<Watch> {
        let watch = std::mem::replace(&mut self.node_mut(id).watch, UNBOUND);
        let after = std::mem::replace(&mut self.node_mut(id).alias, NONE);
        let head = *self.by_watch.get(&watch)?;
        if head == id {
            if after == NONE {
                self.by_watch.remove(&watch);
                return Some(watch);
            }
            self.by_watch.insert(watch, after);
            return None;
        }
        let mut at = head;
        while at != NONE {
            if self.node(at).alias == id {
                self.node_mut(at).alias = after;
                break;
            }
            at = self.node(at).alias;
        }
        None
    }

    /// Removes a node with everything below it. Returns the watches that no node has any more.
    pub(super) fn remove(&mut self, id: NodeId) -> Vec<Watch> {
        self.detach(id);
        let mut orphans = Vec::new();
        let mut todo = vec![id];
        while let Some(id) = todo.pop() {
            let mut child = self.node(id).first_child;
            while child != NONE {
                todo.push(child);
                child = self.node(child).next;
            }
            orphans.extend(self.unbind(id));
            let node = self.node_mut(id);
            node.first_child = NONE;
            let name = std::mem::replace(&mut node.name, NAMELESS);
            self.names.leave(name);
            self.free.push(id);
        }
        if self.names.is_sparse() {
            self.close_ranks();
        }
        orphans
    }

    /// Copies the names that are used to where there are no others.
    fn close_ranks(&mut self) {
        let before = std::mem::take(&mut self.names);
        self.names.bytes.reserve_exact(before.bytes.len() - before.unused);
        for node in &mut self.nodes {
            node.name = self.names.add(before.get(node.name).as_bytes());
        }
    }

    fn detach(&mut self, id: NodeId) {
        let Node { parent, next, previous, .. } = *self.node(id);
        if next != NONE {
            self.node_mut(next).previous = previous;
        }
        if previous != NONE {
            self.node_mut(previous).next = next;
        } else if parent != NONE {
            self.node_mut(parent).first_child = next;
        }
    }

    /// The first node with this watch.
    pub(super) fn first(&self, watch: Watch) -> Option<NodeId> {
        self.by_watch.get(&watch).copied()
    }

    /// The node after `id` among those with the same watch.
    pub(super) fn alias(&self, id: NodeId) -> Option<NodeId> {
        Some(self.node(id).alias).filter(|alias| *alias != NONE)
    }

    /// All nodes with this watch.
    pub(super) fn with_watch(&self, watch: Watch) -> Vec<NodeId> {
        std::iter::successors(self.first(watch), |id| self.alias(*id)).collect()
    }

    /// Whether another node for the same directory entry already has this watch.
    pub(super) fn is_known(&self, id: NodeId, watch: Watch) -> bool {
        let node = self.node(id);
        std::iter::successors(self.first(watch), |other| self.alias(*other)).any(|other| {
            let other_node = self.node(other);
            other != id
                && node.parent != NONE
                && other_node.parent == node.parent
                && self.names.get(other_node.name) == self.names.get(node.name)
        })
    }

    /// The child of `parent` called `name`, found by looking at each.
    pub(super) fn child(&self, parent: NodeId, name: &OsStr) -> Option<NodeId> {
        let first = Some(self.node(parent).first_child).filter(|id| *id != NONE);
        std::iter::successors(first, |id| Some(self.node(*id).next).filter(|next| *next != NONE))
            .find(|id| self.name(*id) == name)
    }

    /// Whether `id` is the top of its root.
    pub(super) fn is_top(&self, id: NodeId) -> bool {
        self.node(id).parent == NONE
    }

    /// The root a node belongs to.
    pub(super) fn root(&self, id: NodeId) -> RootId {
        self.node(id).root
    }

    /// The full path of a directory, with room for a name to follow.
    pub(super) fn path(&self, id: NodeId) -> PathBuf {
        let mut line = [NONE; 64];
        let mut depth = 0;
        let mut at = id;
        while at != NONE && depth < line.len() {
            line[depth] = at;
            depth += 1;
            at = self.node(at).parent;
        }
        // Deeper than anyone nests: start from the path of the directory where the line ran out.
        let mut path = if at == NONE { PathBuf::new() } else { self.path(at) };
        path.reserve(line[..depth].iter().map(|id| self.name(*id).len() + 1).sum::<usize>() + 64);
        line[..depth].iter().rev().for_each(|id| path.push(self.name(*id)));
        path
    }

    /// How many directories of one root are watched.
    pub(super) fn count(&self, root: RootId) -> u64 {
        self.nodes.iter().filter(|node| node.watch != UNBOUND && node.root == root).count() as u64
    }

    /// How many watches there are.
    pub(super) fn watches(&self) -> usize {
        self.by_watch.len()
    }

    fn name(&self, id: NodeId) -> &OsStr {
        self.names.get(self.node(id).name)
    }

    fn node(&self, id: NodeId) -> &Node {
        &self.nodes[id.0 as usize]
    }

    fn node_mut(&mut self, id: NodeId) -> &mut Node {
        &mut self.nodes[id.0 as usize]
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    #[test]
    fn a_node_stays_small() {
        assert!(size_of::<Node>() <= 36, "{}", size_of::<Node>());
    }

    #[test]
    fn paths_are_rebuilt_at_any_depth() {
        let mut tree = Tree::default();
        let mut at = tree.add_top(0, OsStr::new("/home/ann"));
        let mut want = PathBuf::from("/home/ann");
        for depth in 0..200 {
            let name = format!("d{depth}");
            at = tree.add(at, OsStr::new(&name));
            want.push(name);
        }
        assert_eq!(tree.path(at), want);
    }

    #[test]
    fn removing_a_subtree_frees_its_watches_and_only_those() {
        let mut tree = Tree::default();
        let top = tree.add_top(0, OsStr::new("/t"));
        let ids: Vec<_> = ["a", "b", "c"].map(|name| tree.add(top, OsStr::new(name))).into();
        let below = tree.add(ids[1], OsStr::new("below"));
        for (watch, id) in [top, ids[0], ids[1], ids[2], below].into_iter().enumerate() {
            assert!(tree.bind(id, watch as Watch));
        }
        let mut freed = tree.remove(ids[1]);
        freed.sort_unstable();
        assert_eq!(freed, [2, 4]);
        assert_eq!(tree.count(0), 3);
        assert_eq!(tree.child(top, OsStr::new("b")), None);
        assert_eq!(tree.child(top, OsStr::new("a")), Some(ids[0]));
        assert_eq!(tree.child(top, OsStr::new("c")), Some(ids[2]));
    }

    #[test]
    fn a_shared_watch_lives_as_long_as_its_last_node() {
        let mut tree = Tree::default();
        let tops = [0, 1, 2].map(|root| tree.add_top(root, OsStr::new("/t")));
        assert_eq!(tops.map(|top| tree.bind(top, 7)), [true, false, false]);
        assert_eq!(tree.with_watch(7).len(), 3);
        assert_eq!(tree.remove(tops[1]), []);
        assert_eq!(tree.with_watch(7), [tops[2], tops[0]]);
        assert_eq!(tree.remove(tops[2]), []);
        assert_eq!(tree.remove(tops[0]), [7]);
        assert_eq!(tree.watches(), 0);
    }

    #[test]
    fn a_removed_place_is_used_again() {
        let mut tree = Tree::default();
        let top = tree.add_top(0, OsStr::new("/t"));
        for round in 0..100 {
            let id = tree.add(top, OsStr::new("x"));
            tree.bind(id, round);
            assert_eq!(tree.path(id), Path::new("/t/x"));
            tree.remove(id);
        }
        assert_eq!(tree.nodes.len(), 2);
    }

    #[test]
    fn names_of_what_was_removed_are_given_up_and_the_others_stay() {
        let mut tree = Tree::default();
        let top = tree.add_top(0, OsStr::new("/t"));
        let kept: Vec<_> = (0..100).map(|nr| tree.add(top, OsStr::new(&format!("kept {nr}")))).collect();
        for round in 0..10_000 {
            let id = tree.add(top, OsStr::new(&format!("passing {round}")));
            tree.remove(id);
            assert!(tree.names.bytes.len() < 16 * 1024);
        }
        for (nr, id) in kept.into_iter().enumerate() {
            assert_eq!(tree.path(id), Path::new("/t").join(format!("kept {nr}")));
            assert_eq!(tree.child(top, OsStr::new(&format!("kept {nr}"))), Some(id));
        }
    }
}
