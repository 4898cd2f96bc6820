//! Capture files.
//!
//! Source: "PCAP Capture File Format", draft-ietf-opsawg-pcap.

use std::path::Path;
use std::{fs, io};

/// The packets of a capture of Ethernet, as far as they were captured.
///
/// # Errors
/// The file cannot be read, or is no such capture.
pub fn read(path: &Path) -> io::Result<Vec<Vec<u8>>> {
    parse(&fs::read(path)?).ok_or_else(|| {
        let message = format!("{}: expected a pcap file of Ethernet frames in little endian", path.display());
        io::Error::new(io::ErrorKind::InvalidData, message)
    })
}

fn parse(bytes: &[u8]) -> Option<Vec<Vec<u8>>> {
    let (head, mut rest) = bytes.split_at_checked(24)?;
    let word = |bytes: &[u8], at: usize| Some(u32::from_le_bytes(*bytes.get(at..)?.first_chunk()?));
    let ethernet = word(head, 0)? == 0xa1b2_c3d4 && word(head, 20)? & 0x0fff_ffff == 1;
    let mut packets = Vec::new();
    while ethernet && !rest.is_empty() {
        let (record, behind) = rest.split_at_checked(16)?;
        let (packet, behind) = behind.split_at_checked(word(record, 8)? as usize)?;
        packets.push(packet.to_owned());
        rest = behind;
    }
    ethernet.then_some(packets)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_capture_is_read_packet_by_packet() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../capture/mixed.pcap");
        let packets = read(&path).expect("it is one");
        assert_eq!(packets.len(), 27);
        assert!(packets.iter().all(|packet| packet.len() >= 14), "each has an Ethernet head");
    }

    #[test]
    fn what_is_cut_short_is_no_capture() {
        let bytes = include_bytes!("../../capture/mixed.pcap");
        assert_eq!(parse(&bytes[..bytes.len() - 1]), None);
        assert_eq!(parse(&bytes[..20]), None);
        assert_eq!(parse(b"not a capture at all, and long enough"), None);
    }
}
