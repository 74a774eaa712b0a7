-- The log as the other statements see it: times in seconds, one word for what a message is.
CREATE TEMP VIEW log AS
SELECT
    phone_number_id,
    customer_id,
    message_id,
    direction,
    CASE WHEN direction = 'in' THEN 'in' ELSE coalesce(template_category, 'service') END AS kind,
    epoch_ms(sent_at) // 1000 AS sent,
    epoch_ms(delivered_at) // 1000 AS delivered
FROM read_csv(getvariable('log'), header = true, columns = {
    'message_id': 'VARCHAR', 'direction': 'VARCHAR', 'phone_number_id': 'BIGINT', 'waba_id': 'BIGINT', 'customer_id': 'BIGINT',
    'message_type': 'VARCHAR', 'template_name': 'VARCHAR', 'template_category': 'VARCHAR', 'sent_at': 'TIMESTAMP',
    'delivered_at': 'TIMESTAMP'});
