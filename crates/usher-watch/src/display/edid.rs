//! The name of a monitor by its maker's and its model's number, for where the system keeps its real name to itself.

/// The maker's three letters and the model's number, as monitors are listed in databases: `DEL-A0B1`.
pub(super) fn name(vendor: u32, model: u32) -> String {
    // Five bits a letter, A being 1.
    let letter =
        |shift: u32| u8::try_from((vendor >> shift) & 0x1f).ok().filter(|code| (1..=26).contains(code));
    match (letter(10), letter(5), letter(0)) {
        (Some(a), Some(b), Some(c)) if vendor <= 0x7fff => {
            let letters: String = [a, b, c].map(|code| char::from(b'A' - 1 + code)).iter().collect();
            format!("{letters}-{model:04X}")
        }
        _ => format!("{vendor:04X}-{model:04X}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_maker_is_named_by_its_letters_where_there_are_some() {
        assert_eq!(name(0x10ac, 0xa0b1), "DEL-A0B1");
        assert_eq!(name(0x610, 0x9c), "APP-009C");
        assert_eq!(name(0, 7), "0000-0007");
        assert_eq!(name(0x756e_6b6e, 0), "756E6B6E-0000");
    }
}
