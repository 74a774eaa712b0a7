//! Parquet files of any shape, written by the library itself.

use std::sync::Arc;

use parquet::basic::{Compression, GzipLevel, ZstdLevel};
use parquet::data_type::{
    BoolType, ByteArray, ByteArrayType, DataType, DoubleType, FixedLenByteArray, FixedLenByteArrayType, FloatType,
    Int32Type, Int64Type, Int96, Int96Type,
};
use parquet::file::properties::{WriterProperties, WriterPropertiesBuilder, WriterVersion};
use parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use parquet::schema::parser::parse_message_type;

/// The values of one column; `None` is null.
#[derive(Clone, Debug)]
pub(crate) enum Values {
    Bool(Vec<Option<bool>>),
    Int32(Vec<Option<i32>>),
    Int64(Vec<Option<i64>>),
    Int96(Vec<Option<[u32; 3]>>),
    Float(Vec<Option<f32>>),
    Double(Vec<Option<f64>>),
    Bytes(Vec<Option<Vec<u8>>>),
    Fixed(Vec<Option<Vec<u8>>>),
}

/// Texts of a column.
pub(crate) fn texts(values: &[&str]) -> Values {
    Values::Bytes(values.iter().map(|value| (!value.is_empty()).then(|| value.as_bytes().to_vec())).collect())
}

pub(crate) fn plain() -> WriterPropertiesBuilder {
    WriterProperties::builder()
}

/// A file with a schema in Parquet's own notation, and groups of columns.
pub(crate) fn parquet(schema: &str, properties: WriterPropertiesBuilder, groups: &[Vec<Values>]) -> Vec<u8> {
    let schema = Arc::new(parse_message_type(schema).expect("a schema"));
    let required: Vec<bool> = schema.get_fields().iter().map(|field| !field.is_optional()).collect();
    let mut writer = SerializedFileWriter::new(Vec::new(), schema, Arc::new(properties.build())).expect("a writer");
    for columns in groups {
        let mut group = writer.next_row_group().expect("a group");
        for (values, required) in columns.iter().zip(&required) {
            write(&mut group, values, *required);
        }
        group.close().expect("it closes");
    }
    writer.into_inner().expect("it closes")
}

fn write(group: &mut SerializedRowGroupWriter<'_, Vec<u8>>, values: &Values, required: bool) {
    match values {
        Values::Bool(values) => column::<BoolType>(group, values, required),
        Values::Int32(values) => column::<Int32Type>(group, values, required),
        Values::Int64(values) => column::<Int64Type>(group, values, required),
        Values::Int96(values) => {
            let value = |words: &[u32; 3]| {
                let mut value = Int96::new();
                value.set_data(words[0], words[1], words[2]);
                value
            };
            let values: Vec<_> = values.iter().map(|words| words.as_ref().map(value)).collect();
            column::<Int96Type>(group, &values, required);
        }
        Values::Float(values) => column::<FloatType>(group, values, required),
        Values::Double(values) => column::<DoubleType>(group, values, required),
        Values::Bytes(values) => {
            let values: Vec<_> = values.iter().cloned().map(|value| value.map(ByteArray::from)).collect();
            column::<ByteArrayType>(group, &values, required);
        }
        Values::Fixed(values) => {
            let value = |bytes: Vec<u8>| FixedLenByteArray::from(ByteArray::from(bytes));
            let values: Vec<_> = values.iter().cloned().map(|bytes| bytes.map(value)).collect();
            column::<FixedLenByteArrayType>(group, &values, required);
        }
    }
}

fn column<T: DataType>(group: &mut SerializedRowGroupWriter<'_, Vec<u8>>, values: &[Option<T::T>], required: bool) {
    let mut writer = group.next_column().expect("a column").expect("one more");
    let levels: Vec<i16> = values.iter().map(|value| i16::from(value.is_some())).collect();
    let given: Vec<T::T> = values.iter().flatten().cloned().collect();
    let levels = (!required).then_some(&levels[..]);
    writer.typed::<T>().write_batch(&given, levels, None).expect("values of the type");
    writer.close().expect("it closes");
}

/// Every way to pack and lay out pages.
pub(crate) fn layouts() -> Vec<(String, WriterPropertiesBuilder)> {
    let packings = [
        Compression::UNCOMPRESSED,
        Compression::SNAPPY,
        Compression::GZIP(GzipLevel::default()),
        Compression::LZ4,
        Compression::LZ4_RAW,
        Compression::ZSTD(ZstdLevel::default()),
    ];
    let mut layouts = Vec::new();
    for packing in packings {
        for version in [WriterVersion::PARQUET_1_0, WriterVersion::PARQUET_2_0] {
            for dictionary in [true, false] {
                let properties = plain()
                    .set_compression(packing)
                    .set_writer_version(version)
                    .set_dictionary_enabled(dictionary)
                    .set_data_page_row_count_limit(50);
                layouts.push((format!("{packing} {version:?} dictionary {dictionary}"), properties));
            }
        }
    }
    layouts
}

/// The columns of a small log, and two good rows in them.
pub(crate) const SMALL: &str = "message log {
    required binary message_id (STRING); required binary direction (STRING); required binary customer_id (STRING);
    optional binary message_type (STRING); optional binary template_category (STRING);
    optional int64 sent_at (TIMESTAMP(MILLIS,true)); optional int64 delivered_at (TIMESTAMP(MILLIS,true)); }";

pub(crate) fn small() -> Vec<Values> {
    vec![
        texts(&["m1", "m2"]),
        texts(&["outbound", "outbound"]),
        texts(&["5511999990001", "5511999990002"]),
        texts(&["template", "template"]),
        texts(&["marketing", "utility"]),
        Values::Int64(vec![Some(1_791_194_400_000), Some(1_791_198_000_000)]),
        Values::Int64(vec![Some(1_791_194_405_000), Some(1_791_198_005_250)]),
    ]
}

/// The small log as CSV.
pub(crate) const SMALL_CSV: &str =
    "message_id,direction,customer_id,message_type,template_category,sent_at,delivered_at
m1,outbound,5511999990001,template,marketing,2026-10-05T10:00:00Z,2026-10-05T10:00:05Z
m2,outbound,5511999990002,template,utility,2026-10-05T11:00:00Z,2026-10-05T11:00:05.250Z
";
