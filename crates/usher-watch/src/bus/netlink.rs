//! The kernel's own notices, as hints to look again.

use std::os::fd::OwnedFd;

use async_io::Async;
use rustix::io::Errno;
use rustix::net::netlink::SocketAddrNetlink;
use rustix::net::{AddressFamily, Protocol, RecvFlags, SocketFlags, SocketType, bind, recv, socket_with};

/// A socket that hears some of the kernel's notices. What they say is not believed but looked up, so none is parsed
/// and none that is lost is missed.
pub(crate) struct Notices {
    socket: Async<OwnedFd>,
}

impl Notices {
    /// Hears these groups of a netlink protocol.
    pub(crate) fn open(protocol: Option<Protocol>, groups: u32) -> std::io::Result<Self> {
        let flags = SocketFlags::CLOEXEC | SocketFlags::NONBLOCK;
        let socket = socket_with(AddressFamily::NETLINK, SocketType::DGRAM, flags, protocol)?;
        bind(&socket, &SocketAddrNetlink::new(0, groups))?;
        Ok(Self { socket: Async::new_nonblocking(socket)? })
    }

    /// Waits for a notice with this word in it; an empty word is in each. All that have come by then are taken.
    pub(crate) async fn heard(&self, word: &[u8]) -> std::io::Result<()> {
        loop {
            self.socket.readable().await?;
            let mut heard = false;
            let mut buffer = [0_u8; 8192];
            loop {
                match recv(&self.socket, &mut buffer[..], RecvFlags::DONTWAIT) {
                    Ok((_, length)) => {
                        let said = buffer.get(..length).unwrap_or(&buffer);
                        heard |= word.is_empty() || said.windows(word.len()).any(|part| part == word);
                    }
                    Err(Errno::INTR) => {}
                    Err(Errno::AGAIN) => break,
                    // Too many at once: some are lost, and one of them may have been it.
                    Err(Errno::NOBUFS) => heard = true,
                    Err(error) => return Err(error.into()),
                }
            }
            if heard {
                return Ok(());
            }
        }
    }
}
