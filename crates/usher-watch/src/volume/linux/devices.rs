//! What udev and the kernel tell about block devices: name, identifier, and whether one is meant to be taken out.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use crate::mountinfo::Mount;

/// How many layers (encryption, RAID, LVM) may lie between a file system and its disk.
const LAYERS: usize = 8;

/// Where to ask.
pub(super) struct Devices {
    /// udev's links by label and identifier: `/dev/disk`.
    pub(super) disk: PathBuf,
    /// The kernel's own tree: `/sys`.
    pub(super) sys: PathBuf,
}

/// What is known of a block device.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Device {
    /// The name that was given to the file system on it.
    pub(super) label: Option<String>,
    /// The file system's identifier.
    pub(super) uuid: Option<String>,
    /// Whether it is meant to be taken out.
    pub(super) removable: bool,
}

impl Devices {
    /// The devices of this machine.
    pub(super) fn of_this_machine() -> Self {
        Self { disk: PathBuf::from("/dev/disk"), sys: PathBuf::from("/sys") }
    }

    /// The device a file system lies on, if it lies on one.
    pub(super) fn find(&self, mount: &Mount) -> Option<Device> {
        let number = number(mount)?;
        Some(Device {
            label: self.named(number, "by-label"),
            uuid: self.named(number, "by-uuid"),
            removable: self.is_removable(number),
        })
    }

    /// The name of the link that leads to the device.
    fn named(&self, number: u64, by: &str) -> Option<String> {
        let links = fs::read_dir(self.disk.join(by)).ok()?.flatten();
        let link =
            links.into_iter().find(|link| fs::metadata(link.path()).is_ok_and(|to| to.rdev() == number))?;
        Some(unescape(&link.file_name()))
    }

    fn is_removable(&self, number: u64) -> bool {
        let (major, minor) = (rustix::fs::major(number), rustix::fs::minor(number));
        let place = self.sys.join(format!("dev/block/{major}:{minor}"));
        fs::canonicalize(place).is_ok_and(|device| can_be_taken_out(&device, LAYERS))
    }
}

/// The number of the block device below a mount.
fn number(mount: &Mount) -> Option<u64> {
    let (major, minor) = mount.device.split_once(':')?;
    let (major, minor) = (major.parse().ok()?, minor.parse().ok()?);
    if major != 0 {
        return Some(rustix::fs::makedev(major, minor));
    }
    // A made-up number, such as btrfs gives: where it comes from says it better.
    let device = fs::metadata(mount.source.starts_with("/dev").then_some(&mount.source)?).ok()?;
    Some(device.rdev()).filter(|number| *number != 0)
}

/// Whether the device at this place of the kernel's tree, or one it is made of, can be taken out.
///
/// Being flagged removable says that a drive takes other media; a stick or a disk on a USB cable is taken out whole and
/// is known by the way it is attached.
fn can_be_taken_out(device: &Path, layers: usize) -> bool {
    let flagged = || device.ancestors().take(2).any(|part| says(&part.join("removable"), "1"));
    let card = || device.ancestors().take(2).any(|part| says(&part.join("device/type"), "SD"));
    let made_of = || {
        let parts = fs::read_dir(device.join("slaves")).into_iter().flatten().flatten();
        let mut parts = parts.filter_map(|part| fs::canonicalize(part.path()).ok());
        layers > 0 && parts.any(|part| can_be_taken_out(&part, layers - 1))
    };
    is_on_a_cable(device) || flagged() || card() || made_of()
}

fn is_on_a_cable(device: &Path) -> bool {
    device.components().any(|part| {
        let name = part.as_os_str().as_bytes();
        ["usb", "fw"].iter().any(|bus| {
            name.strip_prefix(bus.as_bytes())
                .is_some_and(|n| !n.is_empty() && n.iter().all(u8::is_ascii_digit))
        })
    })
}

fn says(file: &Path, word: &str) -> bool {
    fs::read_to_string(file).is_ok_and(|text| text.trim() == word)
}

/// Undoes udev's escapes in the name of a link: `\x` and two hexadecimal digits.
fn unescape(name: &OsStr) -> String {
    let mut out = Vec::new();
    let mut rest = name.as_bytes();
    while let [byte, tail @ ..] = rest {
        let escaped = match rest {
            [b'\\', b'x', high, low, tail @ ..] => hex(*high).zip(hex(*low)).map(|(h, l)| (h * 16 + l, tail)),
            _ => None,
        };
        let (byte, tail) = escaped.unwrap_or((*byte, tail));
        out.push(byte);
        rest = tail;
    }
    String::from_utf8_lossy(&out).into_owned()
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|value| u8::try_from(value).ok())
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    /// The kernel's tree with one block device `8:1` at `place`, whose files say this.
    fn tree(place: &str, files: &[(&str, &str)]) -> (tempfile::TempDir, Devices) {
        let temp = tempfile::tempdir().unwrap();
        let sys = temp.path().canonicalize().unwrap();
        fs::create_dir_all(sys.join(place)).unwrap();
        fs::create_dir_all(sys.join("dev/block")).unwrap();
        symlink(sys.join(place), sys.join("dev/block/8:1")).unwrap();
        for (file, text) in files {
            let file = sys.join(file);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(file, text).unwrap();
        }
        (temp, Devices { disk: sys.join("disk"), sys })
    }

    fn removable(place: &str, files: &[(&str, &str)]) -> bool {
        tree(place, files).1.is_removable(rustix::fs::makedev(8, 1))
    }

    #[test]
    fn a_partition_is_removable_as_its_disk_says() {
        let place = "devices/pci0/ata1/host0/block/sr0/sr0p1";
        assert!(removable(place, &[("devices/pci0/ata1/host0/block/sr0/removable", "1\n")]));
        assert!(!removable(place, &[("devices/pci0/ata1/host0/block/sr0/removable", "0\n")]));
    }

    #[test]
    fn a_disk_on_a_usb_cable_is_removable_whatever_it_says() {
        let place = "devices/pci0/usb2/2-1/host6/block/sdb/sdb1";
        assert!(removable(place, &[("devices/pci0/usb2/2-1/host6/block/sdb/removable", "0\n")]));
        assert!(!removable("devices/pci0/usbish/block/sdb/sdb1", &[]));
    }

    #[test]
    fn a_card_is_removable_and_soldered_memory_is_not() {
        let place = "devices/mmc0/block/mmcblk0/mmcblk0p1";
        assert!(removable(place, &[("devices/mmc0/block/mmcblk0/device/type", "SD\n")]));
        assert!(!removable(place, &[("devices/mmc0/block/mmcblk0/device/type", "MMC\n")]));
    }

    #[test]
    fn an_encrypted_stick_is_removable() {
        let (_temp, devices) =
            tree("devices/virtual/block/dm-0", &[("devices/usb1/1-1/block/sdc/sdc1/size", "8\n")]);
        let slaves = devices.sys.join("devices/virtual/block/dm-0/slaves");
        fs::create_dir(&slaves).unwrap();
        symlink(devices.sys.join("devices/usb1/1-1/block/sdc/sdc1"), slaves.join("sdc1")).unwrap();
        assert!(devices.is_removable(rustix::fs::makedev(8, 1)));
    }

    #[test]
    fn names_of_links_are_unescaped() {
        let name = |text: &str| unescape(OsStr::new(text));
        assert_eq!(name(r"EOS\x20DIGITAL"), "EOS DIGITAL");
        assert_eq!(name(r"a\x2fb\x"), r"a/b\x");
        assert_eq!(name(r"\xzz\x4"), r"\xzz\x4");
        assert_eq!(name("Ph\u{f6}tos"), "Ph\u{f6}tos");
    }

    #[test]
    fn a_link_is_found_by_the_device_it_leads_to() {
        let (_temp, devices) = tree("devices/x", &[]);
        let links = devices.disk.join("by-label");
        fs::create_dir_all(&links).unwrap();
        symlink("/dev/zero", links.join("OTHER")).unwrap();
        symlink("/dev/null", links.join(r"MY\x20DISK")).unwrap();
        let number = fs::metadata("/dev/null").unwrap().rdev();
        assert_eq!(devices.named(number, "by-label"), Some("MY DISK".to_owned()));
        assert_eq!(devices.named(number, "by-uuid"), None);
    }
}
