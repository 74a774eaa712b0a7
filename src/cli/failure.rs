//! What can go wrong, and the exit code of each (contract §1).

use std::fmt::Display;
use std::io::{self, Write};
use std::path::Path;

use wabill::engine::{ConvertError, FitError, RunError, SimulateError};
use wabill::read::{MappingError, ReadError};
use wabill::scenario::ScenarioError;
use wabill::tariff::{ProviderError, SettingError, TariffError};

/// Why a command did not succeed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    /// I/O or internal.
    #[error("{0}")]
    CouldNotFinish(String),
    /// An output cannot be written; [`Failure::within`] says where.
    #[error("could not write the outputs: {0}")]
    Output(io::Error),
    /// Wrong usage, config or rate card.
    #[error("{0}")]
    Usage(String),
    /// More rejected rows than allowed.
    #[error("{0}")]
    Rejected(String),
    /// Charges without a known rate; everything else was done.
    #[error("{0}")]
    Unpriced(String),
    /// Ctrl-C.
    #[error("interrupted; nothing was written")]
    Interrupted,
}

impl Failure {
    /// I/O trouble with something.
    pub(crate) fn could_not(what: &str, error: &dyn Display) -> Failure {
        Failure::CouldNotFinish(format!("could not {what}: {error}"))
    }

    /// Names the output folder.
    pub(crate) fn within(self, folder: &Path) -> Failure {
        match self {
            Failure::Output(error) => Failure::could_not(&format!("write into {}", folder.display()), &error),
            other => other,
        }
    }

    /// The exit code: 1 could not finish, 2 usage, 5 rejected rows, 6 unpriced, 130 interrupted.
    pub(crate) fn exit_code(&self) -> u8 {
        match self {
            Failure::CouldNotFinish(_) | Failure::Output(_) => 1,
            Failure::Usage(_) => 2,
            Failure::Rejected(_) => 5,
            Failure::Unpriced(_) => 6,
            Failure::Interrupted => 130,
        }
    }

    /// Says it.
    pub(crate) fn tell(&self, out: &mut impl Write) -> io::Result<()> {
        writeln!(out, "error: {self}")
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Failure {
        Failure::Output(error)
    }
}

impl From<TariffError> for Failure {
    fn from(error: TariffError) -> Failure {
        Failure::Usage(error.to_string())
    }
}

impl From<MappingError> for Failure {
    fn from(error: MappingError) -> Failure {
        Failure::Usage(error.to_string())
    }
}

impl From<SettingError> for Failure {
    fn from(error: SettingError) -> Failure {
        Failure::Usage(error.to_string())
    }
}

impl From<ProviderError> for Failure {
    fn from(error: ProviderError) -> Failure {
        Failure::Usage(error.to_string())
    }
}

impl From<ReadError> for Failure {
    fn from(error: ReadError) -> Failure {
        match error {
            ReadError::Io { .. } | ReadError::Spill { .. } | ReadError::NoRoom(_) => {
                Failure::CouldNotFinish(error.to_string())
            }
            ReadError::Reject(error) => Failure::Output(error),
            ReadError::NotALog { .. } => Failure::Usage(error.to_string()),
            ReadError::Rejected(_) => Failure::Rejected(format!("{error} (--strict stops at the first rejected row)")),
            ReadError::Interrupted => Failure::Interrupted,
        }
    }
}

impl From<ConvertError> for Failure {
    fn from(error: ConvertError) -> Failure {
        match error {
            ConvertError::Read(error) => error.into(),
            ConvertError::Write(error) => Failure::Output(error),
            ConvertError::Changed(_) => Failure::CouldNotFinish(error.to_string()),
        }
    }
}

impl From<ScenarioError> for Failure {
    fn from(error: ScenarioError) -> Failure {
        Failure::Usage(error.to_string())
    }
}

impl From<SimulateError> for Failure {
    fn from(error: SimulateError) -> Failure {
        match error {
            SimulateError::Unfaithful(_) | SimulateError::Row(_) => Failure::Usage(error.to_string()),
            SimulateError::Run(error) => error.into(),
        }
    }
}

impl From<FitError> for Failure {
    fn from(error: FitError) -> Failure {
        match error {
            FitError::TooLittle(_) | FitError::Scenario(_) | FitError::Accounts(_) => Failure::Usage(error.to_string()),
            FitError::Run(error) => error.into(),
            FitError::Simulate(error) => error.into(),
        }
    }
}

impl From<RunError> for Failure {
    fn from(error: RunError) -> Failure {
        match error {
            RunError::Write(error) => Failure::Output(error),
            RunError::Spill(_) => Failure::CouldNotFinish(error.to_string()),
            RunError::Interrupted => Failure::Interrupted,
        }
    }
}
