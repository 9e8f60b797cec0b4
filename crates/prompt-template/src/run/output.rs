//! Where a rendering writes to.

use std::io;
use std::sync::atomic::Ordering::Relaxed;

use handlebars::Output;

use crate::limits::Limit;
use crate::run::Run;

/// The rendered text, which does not grow beyond its limit.
pub(crate) struct Bounded<'r, 'a> {
    pub(super) run: &'r Run<'a>,
    pub(crate) text: String,
}

impl Output for Bounded<'_, '_> {
    fn write(&mut self, part: &str) -> io::Result<()> {
        let most = self.run.limits.output_bytes;
        if self.text.len() + part.len() > most {
            return Err(io::Error::other(self.run.exceed(Limit::OutputBytes, most as u64)));
        }
        self.text.push_str(part);
        Ok(())
    }
}

/// A buffer of handlebars, where all buffers together are bounded like the output.
pub(super) struct Counted<'o, 'r> {
    pub(super) run: &'r Run<'r>,
    pub(super) out: &'o mut dyn Output,
}

impl Output for Counted<'_, '_> {
    fn write(&mut self, part: &str) -> io::Result<()> {
        let most = self.run.limits.output_bytes;
        let written = self.run.buffered.fetch_add(part.len(), Relaxed) + part.len();
        if written > most {
            return Err(io::Error::other(self.run.exceed(Limit::OutputBytes, most as u64)));
        }
        self.out.write(part)
    }
}
