//! One column of a group while it is gathered.

use std::fmt::Display;
use std::sync::Arc;

use arrow_array::ArrayRef;
use arrow_array::builder::{Decimal128Builder, Int64Builder, TimestampMillisecondBuilder, UInt32Builder};
use arrow_schema::{DataType, Field, TimeUnit};
use parquet::basic::{LogicalType, Repetition, TimeUnit as Unit, Type as Physical};
use parquet::errors::Result;
use parquet::schema::types::Type;

use crate::model::Money;

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
    /// UTF-8 that seldom repeats nearby: a dictionary of it would be of no use.
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
            Kind::Text | Kind::Id => DataType::Binary,
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
    Texts(Texts),
    Times(TimestampMillisecondBuilder),
    Amounts(Decimal128Builder),
    Codes(UInt32Builder),
    Counts(Int64Builder),
}

impl Gathered {
    pub(super) fn new(kind: Kind) -> Gathered {
        match kind {
            Kind::Text | Kind::Id => Gathered::Texts(Texts::default()),
            Kind::Time => Gathered::Times(TimestampMillisecondBuilder::with_capacity(0)),
            Kind::Amount => Gathered::Amounts(Decimal128Builder::with_capacity(0).with_data_type(AMOUNT)),
            Kind::Code => Gathered::Codes(UInt32Builder::with_capacity(0)),
            Kind::Count => Gathered::Counts(Int64Builder::with_capacity(0)),
        }
    }

    /// Adds a text; an empty one is an empty cell. Gives its length.
    pub(super) fn text(&mut self, text: &str) -> usize {
        let Gathered::Texts(texts) = self else { unreachable!("the column holds no texts") };
        texts.add(text)
    }

    /// Adds what is written as text, likewise.
    pub(super) fn shown(&mut self, value: Option<impl Display>) -> usize {
        let Gathered::Texts(texts) = self else { unreachable!("the column holds no texts") };
        texts.add_shown(value)
    }

    pub(super) fn amount(&mut self, amount: Option<Money>) -> usize {
        let Gathered::Amounts(amounts) = self else { unreachable!("the column holds no amounts") };
        amounts.append_option(amount.map(Money::units));
        AMOUNT_BYTES.cast_unsigned() as usize
    }

    pub(super) fn time(&mut self, ms: Option<i64>) {
        let Gathered::Times(times) = self else { unreachable!("the column holds no times") };
        times.append_option(ms);
    }

    pub(super) fn code(&mut self, code: Option<u32>) {
        let Gathered::Codes(codes) = self else { unreachable!("the column holds no codes") };
        codes.append_option(code);
    }

    pub(super) fn count(&mut self, count: i64) {
        let Gathered::Counts(counts) = self else { unreachable!("the column holds no counts") };
        counts.append_value(count);
    }

    /// The cells, to be written where [`Kind::in_memory`] says what they are.
    pub(super) fn cells(self) -> ArrayRef {
        match self {
            Gathered::Texts(texts) => Arc::new(texts.cells()),
            Gathered::Times(mut times) => Arc::new(times.finish()),
            Gathered::Amounts(mut amounts) => Arc::new(amounts.finish()),
            Gathered::Codes(mut codes) => Arc::new(codes.finish()),
            Gathered::Counts(mut counts) => Arc::new(counts.finish()),
        }
    }
}
