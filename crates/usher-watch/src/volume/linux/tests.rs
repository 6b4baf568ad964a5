//! What is a drive, by tables of mounts as machines have them.

use std::process::Command;

use super::*;

fn seen(table: &str) -> Vec<Volume> {
    let nowhere = Devices { disk: PathBuf::from("/nonexistent"), sys: PathBuf::from("/nonexistent") };
    volumes(&mountinfo::parse(table.as_bytes()), &nowhere)
}

fn paths(table: &str) -> Vec<PathBuf> {
    seen(table).into_iter().map(|volume| volume.path).collect()
}

fn assert_paths(table: &str, want: &[&str]) {
    assert_eq!(paths(table), want.iter().map(PathBuf::from).collect::<Vec<_>>());
}

#[test]
fn of_a_desktops_mounts_only_the_drives_are_volumes() {
    let table = r"
22 28 0:20 / /sys rw,nosuid shared:7 - sysfs sysfs rw
23 28 0:21 / /proc rw shared:14 - proc proc rw
24 28 0:5 / /dev rw,nosuid shared:2 - devtmpfs udev rw,size=8G
26 28 0:23 / /run rw,nosuid shared:5 - tmpfs tmpfs rw,size=1600M
28 1 259:2 / / rw,noatime shared:1 - ext4 /dev/nvme0n1p2 rw
30 22 0:6 / /sys/kernel/security rw shared:8 - securityfs securityfs rw
31 24 0:25 / /dev/shm rw shared:3 - tmpfs tmpfs rw
33 22 0:27 / /sys/fs/cgroup rw shared:9 - cgroup2 cgroup2 rw
40 28 0:33 / /tmp rw shared:20 - tmpfs tmpfs rw
95 28 7:0 / /snap/core22/1033 ro,nodev shared:45 - squashfs /dev/loop0 ro
98 28 259:1 / /boot/efi rw shared:50 - vfat /dev/nvme0n1p1 rw
99 28 259:3 / /home rw shared:52 - ext4 /dev/nvme0n1p3 rw
120 26 0:50 / /run/user/1000 rw shared:60 - tmpfs tmpfs rw
121 120 0:51 / /run/user/1000/gvfs rw shared:61 - fuse.gvfsd-fuse gvfsd-fuse rw
122 120 0:52 / /run/user/1000/doc rw shared:62 - fuse.portal portal rw
123 40 0:53 / /tmp/.mount_Obsidi1x2y ro shared:63 - fuse.Obsidian.AppImage Obsidian.AppImage ro
130 28 0:60 / /var/lib/docker/overlay2/abc/merged rw - overlay overlay rw
150 26 8:17 / /run/media/ada/EOS\040DIGITAL rw shared:70 - vfat /dev/sdb1 rw
151 28 0:61 / /mnt/nas rw shared:71 - nfs4 nas:/photos rw
152 99 0:62 / /home/ada/phone rw shared:72 - fuse.jmtpfs jmtpfs rw
153 28 8:33 / /media/ada/Backup rw shared:73 - fuseblk /dev/sdc1 rw
154 99 0:63 / /home/ada/ram rw shared:74 - tmpfs none rw
155 28 0:64 / /tank rw shared:75 - zfs tank rw
156 155 0:65 / /tank/music rw shared:76 - zfs tank/music rw";
    let drives = [
        "/",
        "/home",
        "/run/media/ada/EOS DIGITAL",
        "/mnt/nas",
        "/home/ada/phone",
        "/media/ada/Backup",
        "/home/ada/ram",
        "/tank",
    ];
    assert_paths(table, &drives);
}

#[test]
fn a_bind_mount_and_a_second_subvolume_are_the_same_drive() {
    let table = r"
1 0 0:30 /@ / rw - btrfs /dev/sda2 rw
2 1 0:31 /@home /home rw - btrfs /dev/sda2 rw
3 1 8:17 / /media/stick rw - ext4 /dev/sdb1 rw
4 1 8:17 / /srv/twice rw - ext4 /dev/sdb1 rw
5 1 8:17 /photos /srv/photos rw - ext4 /dev/sdb1 rw
6 1 8:33 /inner /srv/lone rw - ext4 /dev/sdc1 rw";
    assert_paths(table, &["/", "/media/stick"]);
}

#[test]
fn what_is_mounted_over_is_not_there() {
    let same = "1 0 8:1 / /mnt/a rw - ext4 /dev/sda1 rw\n2 1 0:9 / /mnt/a rw - tmpfs none rw";
    let volumes = seen(same);
    assert_eq!(volumes.len(), 1);
    assert_eq!(volumes[0].fstype, "tmpfs");
    assert_paths(
        "1 0 8:1 / /mnt/a/b rw - ext4 /dev/sda1 rw\n2 0 0:9 / /mnt/a rw - tmpfs none rw",
        &["/mnt/a"],
    );
}

#[test]
fn a_root_that_was_handed_over_covers_nothing() {
    assert_paths(
        "20 28 8:2 / /home rw - ext4 /dev/sda2 rw\n28 1 8:1 / / rw - ext4 /dev/sda1 rw",
        &["/home", "/"],
    );
}

#[test]
fn a_container_without_devices_has_no_drives() {
    let table = r"
600 500 0:100 / / rw - overlay overlay rw
601 600 0:101 / /proc rw - proc proc rw
602 600 0:102 / /dev rw - tmpfs tmpfs rw
603 600 259:2 /var/lib/docker/containers/x/hosts /etc/hosts rw - ext4 /dev/nvme0n1p2 rw";
    assert_paths(table, &[]);
}

#[test]
fn what_is_known_without_udev_is_told() {
    let volumes = seen(r"7 1 0:61 / /mnt/my\040nas rw - cifs //nas/photos rw");
    let want = Volume {
        label: Some("my nas".to_owned()),
        uuid: None,
        path: PathBuf::from("/mnt/my nas"),
        fstype: "cifs".to_owned(),
        removable: false,
        network: true,
    };
    assert_eq!(volumes, [want]);
}

#[test]
fn a_table_that_could_not_be_read_is_read_as_soon_as_it_can_be() {
    let (send, told) = std::sync::mpsc::channel();
    let teller = Teller::new(Noun::Volume, std::sync::Arc::new(move |event| drop(send.send(event))));
    let bell = Bell::new().unwrap();
    let nowhere = Devices { disk: PathBuf::from("/nonexistent"), sys: PathBuf::from("/nonexistent") };
    let mut tables = vec![Err(io::ErrorKind::NotFound.into()), mountinfo::open()].into_iter();
    let pause = |_| {
        // What is rung now ends the next wait at once.
        bell.ring();
        true
    };
    keep_watching(&teller, || watch(&teller, tables.next().unwrap(), &bell, &nowhere), pause);
    drop(teller);
    let health: Vec<_> = told
        .iter()
        .filter_map(|event| match event {
            usher_event::Event::Noun { health, .. } => Some(health.reason.map(String::from)),
            _ => None,
        })
        .collect();
    let lost = "The kernel's table of mounts in `/proc` cannot be read (entity not found).";
    assert_eq!(health, [Some(lost.to_owned()), None]);
}

/// A file system in a file, mounted; both end with the test.
struct Image {
    folder: tempfile::TempDir,
    seat: PathBuf,
}

impl Image {
    /// Makes one by this command, or says why not.
    fn mounted(make: &[&str]) -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let (image, seat) = (folder.path().join("image"), folder.path().join("seat"));
        File::create(&image).unwrap().set_len(16 * 1024 * 1024).unwrap();
        std::fs::create_dir(&seat).unwrap();
        let run = |command: &mut Command| command.output().is_ok_and(|output| output.status.success());
        if !run(Command::new(make[0]).args(&make[1..]).arg(&image)) {
            println!("skipped: there is no {} here", make[0]);
            return None;
        }
        let made = Self { folder, seat };
        if !run(Command::new("mount").args(["-o", "loop"]).arg(&image).arg(&made.seat)) {
            println!(
                "skipped: mounting what {} makes takes root, a loop device and its file system",
                make[0]
            );
            return None;
        }
        Some(made)
    }
}

impl Drop for Image {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(&self.seat).output();
    }
}

/// What the file system itself says: its label or its identifier.
fn asked(device: &Path, what: &str) -> String {
    let output =
        Command::new("blkid").args(["-c", "/dev/null", "-o", "value", "-s", what]).arg(device).output();
    String::from_utf8(output.unwrap().stdout).unwrap().trim_end_matches('\n').to_owned()
}

#[test]
fn the_name_that_a_real_file_system_was_given_is_told() {
    for (make, label) in [
        (&["mkfs.ext4", "-q", "-F", "-m0", "-L", "My Backup"][..], "My Backup"),
        (&["mkfs.vfat", "-n", "STICK"], "STICK"),
    ] {
        let Some(image) = Image::mounted(make) else { continue };
        let seat = image.seat.canonicalize().unwrap();
        let mounts = mountinfo::read().unwrap();
        let source = &mounts.iter().find(|mount| mount.point == seat).unwrap().source;
        // What udev does, where there is one: it asks the file system, and writes the blanks as it writes them.
        let (name, uuid) = (asked(source, "LABEL"), asked(source, "UUID"));
        let disk = image.folder.path().join("disk");
        for (by, name) in [("by-label", &name), ("by-uuid", &uuid)] {
            std::fs::create_dir_all(disk.join(by)).unwrap();
            let link = disk.join(by).join(name.replace(' ', "\\x20"));
            std::os::unix::fs::symlink(source, link).unwrap();
        }
        let devices = Devices { disk, sys: PathBuf::from("/sys") };
        let volume = volumes(&mounts, &devices).into_iter().find(|volume| volume.path == seat).unwrap();
        assert_eq!((volume.label.as_deref(), volume.uuid), (Some(label), Some(uuid)));
        assert!(!volume.network && !volume.removable, "a file is no stick");
    }
}
