//! `usb`: devices that are plugged in and pulled out.

use usher_event::{Edge, Noun, State, UsbDevice};

use super::Occasion;
use super::texts::{Texts, patterns};
use crate::load::{Kind, Param, Reader, Spec};

pub(super) const SPEC: Spec = Spec {
    params: &[
        Param::required("usb", Kind::Choices(&["attached", "detached"]), "what happens to the device"),
        patterns("vendor", "the vendor's number, four hexadecimal digits in quotes"),
        patterns("product", "the product's number, four hexadecimal digits in quotes"),
        patterns("serial", "serial numbers, with `*` and `?`"),
        patterns("name", "what devices call themselves, with `*` and `?`"),
    ],
    variables: &["usb.vendor", "usb.product", "usb.serial", "usb.name"],
    ..Spec::new("usb", "a USB device is attached, or is not any more")
};

pub(super) fn read(reader: &mut Reader<'_, '_>) -> Option<Box<dyn Occasion>> {
    let what = reader.choices("usb");
    Some(Box::new(Device {
        attached: what.contains(&"attached"),
        detached: what.contains(&"detached"),
        vendor: Texts::read(reader, "vendor"),
        product: Texts::read(reader, "product"),
        serial: Texts::read(reader, "serial"),
        name: Texts::read(reader, "name"),
    }))
}

#[derive(Debug)]
struct Device {
    attached: bool,
    detached: bool,
    vendor: Texts,
    product: Texts,
    serial: Texts,
    name: Texts,
}

impl Device {
    fn fits(&self, device: &UsbDevice) -> bool {
        self.vendor.fit(Some(&device.vendor))
            && self.product.fit(Some(&device.product))
            && self.serial.fit(device.serial.as_deref())
            && self.name.fit(device.name.as_deref())
    }
}

impl Occasion for Device {
    fn noun(&self) -> Option<Noun> {
        Some(Noun::Usb)
    }

    fn wakes(&self, edge: &Edge) -> bool {
        match edge {
            Edge::UsbAttached(device) => self.attached && self.fits(device),
            Edge::UsbDetached(device) => self.detached && self.fits(device),
            _ => false,
        }
    }

    fn holds(&self, state: &State) -> Option<bool> {
        let there = state.usb.as_ref()?.iter().any(|device| self.fits(device));
        Some(if there { self.attached } else { self.detached })
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::clause;
    use super::*;

    #[test]
    fn a_device_is_told_by_its_numbers_and_names() {
        let device = UsbDevice {
            vendor: "046d".into(),
            product: "c52b".into(),
            name: Some("USB Receiver".into()),
            ..UsbDevice::default()
        };
        let edge = Edge::UsbAttached(device.clone());
        for (written, wakes) in [
            ("usb: attached", true),
            ("usb: detached", false),
            ("usb: attached, vendor: '046D'", true),
            ("usb: attached, vendor: '046d', product: '0001'", false),
            ("usb: attached, name: '*receiver'", true),
            ("usb: attached, serial: '*'", false),
        ] {
            assert_eq!(clause(written).occasion.wakes(&edge), wakes, "{written}");
        }
        let state = State { usb: Some(vec![device]), ..State::default() };
        assert_eq!(clause("usb: attached, vendor: 046d").occasion.holds(&state), Some(true));
        assert_eq!(clause("usb: detached, vendor: '1234'").occasion.holds(&state), Some(true));
    }
}
