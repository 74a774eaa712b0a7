//! One column of a group while it is gathered.

use std::sync::Arc;

use arrow_array::ArrayRef;
use arrow_array::types::{Decimal128Type, Int64Type, TimestampMillisecondType, UInt32Type};
use arrow_schema::{DataType, Field, TimeUnit};
use parquet::basic::{LogicalType, Repetition, TimeUnit as Unit, Type as Physical};
use parquet::errors::Result;
use parquet::schema::types::Type;

use crate::model::Money;

use super::numbers::Numbers;
use super::repeated::Repeated;
use super::texts::Texts;

/// Decimal digits that sixteen bytes hold.
const AMOUNT_DIGITS: u8 = 38;
const AMOUNT_BYTES: i32 = 16;
#[allow(clippy::cast_possible_truncation, reason = "twelve")]
const AMOUNT: DataType = DataType::Decimal128(AMOUNT_DIGITS, Money::DECIMALS as i8);

/// What a column holds. Every cell may be empty.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::report) enum Kind {
    /// UTF-8.
    Text,
    /// UTF-8 of so many different texts that a dictionary of them would be of no use.
    Id,
    /// UTC milliseconds.
    Time,
    /// An exact decimal with all decimals of [`Money`].
    Amount,
    /// A number of 32 bits without a sign.
    Code,
    /// A number of something.
    Count,
}

impl Kind {
    /// The type of a column of this kind in a file.
    pub(super) fn field(self, name: &str) -> Result<Type> {
        let (physical, logical) = match self {
            Kind::Text | Kind::Id => (Physical::BYTE_ARRAY, Some(LogicalType::String)),
            Kind::Time => (Physical::INT64, Some(LogicalType::timestamp(true, Unit::MILLIS))),
            Kind::Amount => {
                (Physical::FIXED_LEN_BYTE_ARRAY, Some(LogicalType::decimal(Money::DECIMALS, AMOUNT_DIGITS.into())))
            }
            Kind::Code => (Physical::INT32, Some(LogicalType::integer(32, false))),
            Kind::Count => (Physical::INT64, None),
        };
        let builder = Type::primitive_type_builder(name, physical).with_repetition(Repetition::OPTIONAL);
        let builder = builder.with_logical_type(logical);
        if self != Kind::Amount {
            return builder.build();
        }
        let builder = builder.with_length(AMOUNT_BYTES);
        builder.with_precision(AMOUNT_DIGITS.into()).with_scale(Money::DECIMALS).build()
    }

    /// The same in memory.
    pub(super) fn in_memory(self, name: &str) -> Field {
        let held = match self {
            Kind::Text => DataType::Dictionary(Box::new(DataType::UInt32), Box::new(DataType::Binary)),
            Kind::Id => DataType::Binary,
            Kind::Time => DataType::Timestamp(TimeUnit::Millisecond, None),
            Kind::Amount => AMOUNT,
            Kind::Code => DataType::UInt32,
            Kind::Count => DataType::Int64,
        };
        Field::new(name, held, true)
    }
}

/// Cells of one column, one after the other.
#[derive(Debug)]
pub(super) enum Gathered {
    Texts(Repeated),
    Ids(Texts),
    Times(Numbers<TimestampMillisecondType>),
    Amounts(Numbers<Decimal128Type>),
    Codes(Numbers<UInt32Type>),
    Counts(Numbers<Int64Type>),
}

impl Gathered {
    pub(super) fn new(kind: Kind) -> Gathered {
        match kind {
            Kind::Text => Gathered::Texts(Repeated::new()),
            Kind::Id => Gathered::Ids(Texts::default()),
            Kind::Time => Gathered::Times(Numbers::new()),
            Kind::Amount => Gathered::Amounts(Numbers::new()),
            Kind::Code => Gathered::Codes(Numbers::new()),
            Kind::Count => Gathered::Counts(Numbers::new()),
        }
    }

    /// Bytes of what is held.
    pub(super) fn bytes(&self) -> usize {
        match self {
            Gathered::Texts(texts) => texts.bytes(),
            Gathered::Ids(ids) => ids.bytes(),
            Gathered::Times(times) => times.bytes(),
            Gathered::Amounts(amounts) => amounts.bytes(),
            Gathered::Codes(codes) => codes.bytes(),
            Gathered::Counts(counts) => counts.bytes(),
        }
    }

    /// The cells, to be written where [`Kind::in_memory`] says what they are.
    pub(super) fn cells(self) -> ArrayRef {
        match self {
            Gathered::Texts(texts) => Arc::new(texts.cells()),
            Gathered::Ids(ids) => Arc::new(ids.cells()),
            Gathered::Times(times) => Arc::new(times.cells()),
            Gathered::Amounts(amounts) => Arc::new(amounts.cells().with_data_type(AMOUNT)),
            Gathered::Codes(codes) => Arc::new(codes.cells()),
            Gathered::Counts(counts) => Arc::new(counts.cells()),
        }
    }
}
