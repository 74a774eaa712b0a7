//! Which columns of a file are columns of the log, and how their values become text.

use parquet::basic::{ConvertedType, LogicalType, TimeUnit, Type as Physical};
use parquet::schema::types::{ColumnDescPtr, SchemaDescriptor};

use crate::model::{Column, Columns};
use crate::read::table::{refuse_incomplete, refuse_misspelt};

use super::values::{Form, Unit};

/// One column of the log in a file.
#[derive(Debug)]
pub(super) struct Source {
    pub(super) column: Column,
    /// Its place among the columns of the file.
    pub(super) place: usize,
    pub(super) form: Form,
    pub(super) descriptor: ColumnDescPtr,
}

/// The columns of the log in a file, in the file's order.
#[derive(Debug)]
pub(super) struct Layout {
    sources: Vec<Source>,
    /// By column: its place among the sources.
    at: [Option<usize>; Column::COUNT],
    columns: Columns,
}

impl Layout {
    /// Finds the columns by name, in any case, or says why the file is no log.
    pub(super) fn of(schema: &SchemaDescriptor) -> Result<Layout, String> {
        let mut layout = Layout { sources: Vec::new(), at: [None; Column::COUNT], columns: Columns::default() };
        let mut others = Vec::new();
        for field in schema.root_schema().get_fields() {
            match Column::named(field.name()) {
                Some(column) if !field.is_primitive() => return Err(nested(column)),
                Some(_) => {}
                None => others.push(field.name()),
            }
        }
        for (place, descriptor) in schema.columns().iter().enumerate() {
            let top = descriptor.path().parts().len() == 1;
            if let Some(column) = Column::named(descriptor.name()).filter(|_| top) {
                layout.add(column, place, descriptor)?;
            }
        }
        refuse_misspelt(others.into_iter(), |column| layout.has(column))?;
        refuse_incomplete(|column| layout.has(column))?;
        Ok(layout)
    }

    fn add(&mut self, column: Column, place: usize, descriptor: &ColumnDescPtr) -> Result<(), String> {
        if descriptor.max_rep_level() > 0 {
            return Err(nested(column));
        }
        let form = form(descriptor).and_then(|form| fits(column, form));
        let form = form.map_err(|what| format!("column '{}' holds {what}", column.name()))?;
        if self.at[column as usize].replace(self.sources.len()).is_some() {
            return Err(format!("column '{}' stands twice in it", column.name()));
        }
        self.columns.insert(column);
        self.sources.push(Source { column, place, form, descriptor: descriptor.clone() });
        Ok(())
    }

    pub(super) fn has(&self, column: Column) -> bool {
        self.at[column as usize].is_some()
    }

    pub(super) fn at(&self, column: Column) -> Option<usize> {
        self.at[column as usize]
    }

    /// Which columns there are.
    pub(super) fn columns(&self) -> Columns {
        self.columns
    }

    pub(super) fn sources(&self) -> &[Source] {
        &self.sources
    }
}

fn nested(column: Column) -> String {
    format!("column '{}' is nested or repeated; a log has one plain value a row in each column", column.name())
}

/// Binary fractions cannot hold an amount exactly.
fn fits(column: Column, form: Form) -> Result<Form, String> {
    match form {
        Form::Floating if column == Column::ProviderPrice => {
            Err("binary fractions, which are no exact amounts; write it as DECIMAL or as text".to_owned())
        }
        form => Ok(form),
    }
}

/// How the values of a column become text; the logical type of newer writers, else the converted type of older ones.
fn form(descriptor: &ColumnDescPtr) -> Result<Form, String> {
    let physical = descriptor.physical_type();
    let logical = descriptor.logical_type_ref();
    let known = match logical {
        Some(logical) => by_logical_type(logical)?,
        None => by_converted_type(descriptor)?,
    };
    let form = known.unwrap_or(match physical {
        Physical::BOOLEAN => Form::Boolean,
        Physical::INT32 | Physical::INT64 => Form::Signed,
        Physical::INT96 => Form::Timestamp { unit: Unit::Nanos, utc: true },
        Physical::FLOAT | Physical::DOUBLE => Form::Floating,
        Physical::BYTE_ARRAY => Form::Text,
        Physical::FIXED_LEN_BYTE_ARRAY => Form::Padded,
    });
    Ok(form)
}

fn by_logical_type(logical: &LogicalType) -> Result<Option<Form>, String> {
    match logical {
        LogicalType::Timestamp(timestamp) => {
            let unit = match timestamp.unit {
                TimeUnit::MILLIS => Unit::Millis,
                TimeUnit::MICROS => Unit::Micros,
                TimeUnit::NANOS => Unit::Nanos,
            };
            Ok(Some(Form::Timestamp { unit, utc: timestamp.is_adjusted_to_u_t_c }))
        }
        LogicalType::Decimal(decimal) => decimals(decimal.scale, decimal.precision).map(Some),
        LogicalType::Integer(integer) => Ok(Some(if integer.is_signed { Form::Signed } else { Form::Unsigned })),
        LogicalType::Date => Ok(Some(Form::Date)),
        LogicalType::Uuid => Ok(Some(Form::Uuid)),
        LogicalType::String | LogicalType::Enum | LogicalType::Json | LogicalType::Unknown => Ok(None),
        other => Err(unusable(&format!("{other:?}"))),
    }
}

fn by_converted_type(descriptor: &ColumnDescPtr) -> Result<Option<Form>, String> {
    use ConvertedType as Converted;
    match descriptor.converted_type() {
        Converted::TIMESTAMP_MILLIS => Ok(Some(Form::Timestamp { unit: Unit::Millis, utc: true })),
        Converted::TIMESTAMP_MICROS => Ok(Some(Form::Timestamp { unit: Unit::Micros, utc: true })),
        Converted::DECIMAL => decimals(descriptor.type_scale(), descriptor.type_precision()).map(Some),
        Converted::UINT_8 | Converted::UINT_16 | Converted::UINT_32 | Converted::UINT_64 => Ok(Some(Form::Unsigned)),
        Converted::INT_8 | Converted::INT_16 | Converted::INT_32 | Converted::INT_64 => Ok(Some(Form::Signed)),
        Converted::DATE => Ok(Some(Form::Date)),
        Converted::NONE | Converted::UTF8 | Converted::ENUM | Converted::JSON => Ok(None),
        other => Err(unusable(&format!("{other}"))),
    }
}

/// Digits that 128 bits hold.
const MOST_DIGITS: i32 = 38;

fn decimals(scale: i32, precision: i32) -> Result<Form, String> {
    match u8::try_from(scale) {
        Ok(scale) if precision <= MOST_DIGITS && i32::from(scale) <= MOST_DIGITS => Ok(Form::Decimal { scale }),
        _ => Err(format!("DECIMAL({precision},{scale}); up to {MOST_DIGITS} digits can be read")),
    }
}

fn unusable(what: &str) -> String {
    format!("values of the type {what}, which no column of a log can be; write it as text, number or timestamp")
}
