//! Who is the owner.

use std::sync::Barrier;

use usher_agent::api::{Notice, OwnerInfo, Request, Status};
use usher_agent::{Link, OpenError, OpenOptions, Role};

use crate::room::{Ears, Room};

#[test]
fn nobody_runs_is_an_answer_of_its_own() {
    let room = Room::new();
    assert!(matches!(Link::connect(&room.dirs), Err(OpenError::NobodyRuns)));
}

#[test]
fn of_two_that_start_at_once_one_is_the_owner() {
    for _ in 0..5 {
        let room = Room::new();
        let start = Barrier::new(4);
        let links: Vec<Link> = std::thread::scope(|scope| {
            let open = || {
                start.wait();
                Link::open(room.dirs.clone(), OpenOptions { watch: true, log: false }).unwrap()
            };
            let threads: Vec<_> = (0..4).map(|_| scope.spawn(open)).collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        assert_eq!(links.iter().filter(|link| link.role() == Role::Owner).count(), 1);
        for link in &links {
            assert_eq!(link.call::<Status>(&Request::Status).unwrap().pid, std::process::id());
        }
    }
}

#[test]
fn an_owner_that_ends_leaves_the_place_to_the_next() {
    let room = Room::new();
    let first = room.watching();
    assert_eq!((first.role(), room.watching().role()), (Role::Owner, Role::Guest));
    drop(first);
    assert!(!room.dirs.socket.exists());
    assert_eq!(room.for_one_command().role(), Role::Owner);
}

#[test]
fn who_wants_to_watch_waits_for_an_owner_of_one_command() {
    let room = Room::new();
    let short = room.for_one_command();
    assert!(!short.call::<OwnerInfo>(&Request::Owner).unwrap().resident);
    assert_eq!(room.for_one_command().role(), Role::Guest);
    std::thread::scope(|scope| {
        let watching = scope.spawn(|| room.watching());
        drop(short);
        let watching = watching.join().unwrap();
        assert_eq!(watching.role(), Role::Owner);
        assert!(watching.call::<OwnerInfo>(&Request::Owner).unwrap().resident);
    });
}

#[test]
fn a_socket_left_by_a_killed_owner_is_in_nobodys_way() {
    let room = Room::new();
    std::fs::create_dir_all(&room.dirs.runtime).unwrap();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        std::fs::set_permissions(&room.dirs.runtime, PermissionsExt::from_mode(0o700)).unwrap();
        drop(std::os::unix::net::UnixListener::bind(&room.dirs.socket).unwrap());
    }
    assert!(matches!(Link::connect(&room.dirs), Err(OpenError::NobodyRuns)));
    assert_eq!(room.watching().role(), Role::Owner);
}

#[cfg(unix)]
#[test]
fn the_socket_is_found_through_the_lock_where_the_environment_differs() {
    let room = Room::new();
    let _owner = room.watching();
    let elsewhere = usher_agent::Directories { socket: room.path("nowhere/usher.sock"), ..room.dirs.clone() };
    assert_eq!(Link::connect(&elsewhere).unwrap().role(), Role::Guest);
}

#[cfg(unix)]
#[test]
fn the_socket_is_the_users_alone() {
    use std::os::unix::fs::PermissionsExt;
    let room = Room::new();
    let _owner = room.watching();
    let mode = |path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(&room.dirs.runtime), mode(&room.dirs.socket)), (0o700, 0o600));
    std::fs::set_permissions(&room.dirs.runtime, PermissionsExt::from_mode(0o755)).unwrap();
    assert!(matches!(Link::connect(&room.dirs), Err(OpenError::Directories(_))));
}

#[test]
fn guests_hear_that_the_owner_is_gone_and_are_told_why_nothing_answers() {
    let room = Room::new();
    let owner = room.watching();
    let guest = room.guest();
    let (far, near) = (Ears::of(&guest), Ears::of(&owner));
    let gone = |notice: &Notice| (*notice == Notice::Gone).then_some(());
    assert!(guest.ask(&Request::Quit).is_ok());
    far.hear(gone);
    near.hear(gone);
    drop(owner);
    assert_eq!(guest.ask(&Request::Status).unwrap_err().code, "unreachable");
}

#[test]
fn a_guest_that_leaves_hears_nothing_of_it() {
    let room = Room::new();
    let owner = room.watching();
    let guest = room.guest();
    let ears = Ears::of(&guest);
    drop(guest);
    owner.ask(&Request::Resume).unwrap();
    assert!(ears.rest().iter().all(|notice| *notice != Notice::Gone));
}

#[test]
fn waiting_ends_with_the_owner() {
    let room = Room::new();
    let owner = room.watching();
    std::thread::scope(|scope| {
        let waiting = scope.spawn(|| owner.wait().unwrap());
        room.guest().ask(&Request::Quit).unwrap();
        assert_eq!(waiting.join().unwrap(), usher_agent::Ended::Owner);
    });
}
