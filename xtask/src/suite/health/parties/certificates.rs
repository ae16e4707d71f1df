//! Certificates by openssl: an authority, one below it, and servers.

use super::room::program;
use crate::clients::process;
use anyhow::Result;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

const LIMIT: Duration = Duration::from_secs(20);

/// An authority that signs nobody; from the room's folder.
pub(super) const STRANGER: &str = "ca/stranger.pem";

/// What `openssl ca` wants to know; `x509` cannot make a certificate that has ended.
const SETTINGS: &str = "[ca]\ndefault_ca=it\n[it]\ndatabase=index\nnew_certs_dir=.\nrand_serial=yes\ndefault_md=sha256\npolicy=names\n\
                        [names]\ncommonName=supplied\n";

/// The extensions of an authority below another.
pub(super) const AUTHORITY: &str = "basicConstraints=critical,CA:TRUE\nkeyUsage=keyCertSign";

/// `root`, which is valid for 90 days, and those that it signs: each `NAME.pem` with `NAME.key` in a folder.
pub(in crate::suite) struct Authority {
    folder: PathBuf,
    openssl: PathBuf,
}

impl Authority {
    pub(in crate::suite) fn new(folder: &Path) -> Result<Authority> {
        fs::create_dir_all(folder)?;
        let authority = Authority { folder: folder.to_owned(), openssl: program("openssl", "openssl")? };
        for name in ["root", "stranger"] {
            authority.run(&format!(
                "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout {name}.key -out {name}.pem -days 90 -subj /CN={name}"
            ))?;
        }
        Ok(authority)
    }

    /// A certificate of the subject `name`, signed by `by`, that ends in `days` days.
    pub(super) fn issue(&self, name: &str, by: &str, days: u32, extensions: &str) -> Result<()> {
        self.request(name, extensions)?;
        self.run(&format!(
            "x509 -req -in {name}.csr -CA {by}.pem -CAkey {by}.key -CAcreateserial -days {days} -extfile {name}.ext -out {name}.pem"
        ))
    }

    /// A server's certificate for `names` (`DNS:…`, `IP:…`), signed by `by`; `NAME.chain.pem` has `by` after it.
    pub(in crate::suite) fn server(&self, name: &str, by: &str, days: u32, names: &str) -> Result<()> {
        self.issue(name, by, days, &format!("subjectAltName={names}"))?;
        self.with_chain(name, by)
    }

    /// The same with one that ended at the beginning of 2021.
    pub(super) fn ended(&self, name: &str, by: &str, names: &str) -> Result<()> {
        self.request(name, &format!("subjectAltName={names}"))?;
        fs::write(self.file("settings"), SETTINGS)?;
        fs::write(self.file("index"), "")?;
        self.run(&format!(
            "ca -batch -notext -config settings -cert {by}.pem -keyfile {by}.key -startdate 20200101000000Z -enddate 20210101000000Z \
             -extfile {name}.ext -in {name}.csr -out {name}.pem"
        ))?;
        self.with_chain(name, by)
    }

    /// A key, a request for it, and the extensions that the certificate is to have.
    fn request(&self, name: &str, extensions: &str) -> Result<()> {
        fs::write(self.folder.join(format!("{name}.ext")), extensions)?;
        self.run(&format!(
            "req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout {name}.key -out {name}.csr -subj /CN={name}"
        ))
    }

    fn with_chain(&self, name: &str, by: &str) -> Result<()> {
        let text = |name: &str| fs::read_to_string(self.file(&format!("{name}.pem")));
        Ok(fs::write(self.file(&format!("{name}.chain.pem")), text(name)? + &text(by)?)?)
    }

    /// One of the files.
    pub(in crate::suite) fn file(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    fn run(&self, arguments: &str) -> Result<()> {
        let mut command = Command::new(&self.openssl);
        command.args(arguments.split_whitespace()).current_dir(&self.folder);
        process::run(command, LIMIT)?.checked("openssl").map(drop)
    }
}
