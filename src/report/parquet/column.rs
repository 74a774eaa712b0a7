//! One column of a group while it is gathered.

use std::io::Write;

use bytes::Bytes;
use parquet::basic::{LogicalType, Repetition, TimeUnit, Type as Physical};
use parquet::column::writer::{ColumnWriter, get_typed_column_writer_mut};
use parquet::data_type::{
    ByteArray, ByteArrayType, DataType, FixedLenByteArray, FixedLenByteArrayType, Int32Type, Int64Type,
};
use parquet::errors::Result;
use parquet::schema::types::Type;

use crate::model::Money;

/// Decimal digits that sixteen bytes hold.
const AMOUNT_DIGITS: i32 = 38;
const AMOUNT_BYTES: usize = 16;
/// Values that are written together.
const PART: usize = 1 << 10;

/// What a column holds. Every cell may be empty.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::report) enum Kind {
    /// UTF-8.
    Text,
    /// One of our own names.
    Name,
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
            Kind::Text | Kind::Name => (Physical::BYTE_ARRAY, Some(LogicalType::String)),
            Kind::Time => (Physical::INT64, Some(LogicalType::timestamp(true, TimeUnit::MILLIS))),
            Kind::Amount => {
                (Physical::FIXED_LEN_BYTE_ARRAY, Some(LogicalType::decimal(Money::DECIMALS, AMOUNT_DIGITS)))
            }
            Kind::Code => (Physical::INT32, Some(LogicalType::integer(32, false))),
            Kind::Count => (Physical::INT64, None),
        };
        let builder = Type::primitive_type_builder(name, physical).with_repetition(Repetition::OPTIONAL);
        let builder = builder.with_logical_type(logical);
        if self != Kind::Amount {
            return builder.build();
        }
        let length = i32::try_from(AMOUNT_BYTES)?;
        builder.with_length(length).with_precision(AMOUNT_DIGITS).with_scale(Money::DECIMALS).build()
    }
}

/// Cells of one column, one after the other.
#[derive(Debug)]
pub(super) struct Gathered {
    values: Values,
    /// By row: 1 if there is a value, 0 if the cell is empty.
    levels: Vec<i16>,
}

#[derive(Debug)]
enum Values {
    /// Behind each other, and where each ends: texts, and amounts with their highest byte first.
    Bytes {
        kind: Kind,
        bytes: Vec<u8>,
        ends: Vec<usize>,
    },
    Names(Vec<&'static str>),
    Codes(Vec<i32>),
    Longs(Vec<i64>),
}

impl Gathered {
    pub(super) fn new(kind: Kind) -> Gathered {
        let values = match kind {
            Kind::Text | Kind::Amount => Values::Bytes { kind, bytes: Vec::new(), ends: Vec::new() },
            Kind::Name => Values::Names(Vec::new()),
            Kind::Code => Values::Codes(Vec::new()),
            Kind::Time | Kind::Count => Values::Longs(Vec::new()),
        };
        Gathered { values, levels: Vec::new() }
    }

    /// Adds a text; an empty one is an empty cell. Gives its length.
    pub(super) fn text(&mut self, write: impl FnOnce(&mut Vec<u8>)) -> usize {
        let Values::Bytes { bytes, ends, .. } = &mut self.values else { unreachable!("the column holds no texts") };
        let before = bytes.len();
        write(bytes);
        let length = bytes.len() - before;
        if length > 0 {
            ends.push(bytes.len());
        }
        self.levels.push(i16::from(length > 0));
        length
    }

    pub(super) fn name(&mut self, name: &'static str) {
        let Values::Names(names) = &mut self.values else { unreachable!("the column holds no names") };
        if !name.is_empty() {
            names.push(name);
        }
        self.levels.push(i16::from(!name.is_empty()));
    }

    pub(super) fn amount(&mut self, amount: Option<Money>) -> usize {
        let units = amount.map(|amount| amount.units().to_be_bytes());
        self.text(|bytes| units.iter().for_each(|units| bytes.extend_from_slice(units)))
    }

    pub(super) fn long(&mut self, value: Option<i64>) {
        let Values::Longs(values) = &mut self.values else { unreachable!("the column holds no long numbers") };
        values.extend(value);
        self.levels.push(i16::from(value.is_some()));
    }

    pub(super) fn code(&mut self, value: Option<i32>) {
        let Values::Codes(values) = &mut self.values else { unreachable!("the column holds no codes") };
        values.extend(value);
        self.levels.push(i16::from(value.is_some()));
    }

    pub(super) fn write(self, writer: &mut ColumnWriter<'_>) -> Result<()> {
        let levels = &*self.levels;
        match self.values {
            Values::Codes(values) => write::<Int32Type>(writer, levels, values.into_iter()),
            Values::Longs(values) => write::<Int64Type>(writer, levels, values.into_iter()),
            Values::Names(names) => {
                // Bytes that are part of the program are not counted.
                let bytes = |name: &'static str| ByteArray::from(Bytes::from_static(name.as_bytes()));
                write::<ByteArrayType>(writer, levels, names.into_iter().map(bytes))
            }
            Values::Bytes { kind: Kind::Amount, bytes, ends } => {
                let amounts = slices(bytes, &ends).map(FixedLenByteArray::from);
                write::<FixedLenByteArrayType>(writer, levels, amounts)
            }
            Values::Bytes { bytes, ends, .. } => write::<ByteArrayType>(writer, levels, slices(bytes, &ends)),
        }
    }
}

/// Writes values so many at a time that they stay in the cache.
fn write<T: DataType>(
    writer: &mut ColumnWriter<'_>,
    levels: &[i16],
    mut values: impl Iterator<Item = T::T>,
) -> Result<()> {
    let writer = get_typed_column_writer_mut::<T>(writer);
    let mut part = Vec::with_capacity(PART);
    for levels in levels.chunks(PART) {
        let there = levels.iter().filter(|level| **level > 0).count();
        part.clear();
        part.extend(values.by_ref().take(there));
        writer.write_batch(&part, Some(levels), None)?;
    }
    Ok(())
}

fn slices(bytes: Vec<u8>, ends: &[usize]) -> impl Iterator<Item = ByteArray> {
    let bytes = Bytes::from(bytes);
    let mut start = 0;
    ends.iter().map(move |end| ByteArray::from(bytes.slice(std::mem::replace(&mut start, *end)..*end)))
}

/// Appends the text of a value.
pub(super) fn put(bytes: &mut Vec<u8>, value: impl std::fmt::Display) {
    // Writing to memory cannot fail.
    let _ = write!(bytes, "{value}");
}
