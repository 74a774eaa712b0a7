-- The rules of pmp-2025-07 alone, the way SQL does them best: the customer service window is a window function, and nothing is folded.
WITH seen AS (
    SELECT
        kind,
        delivered,
        sent < 86400 + max(CASE WHEN kind = 'in' THEN sent END) OVER (
            PARTITION BY phone_number_id, customer_id ORDER BY sent, direction ROWS UNBOUNDED PRECEDING) AS open
    FROM log
), judged AS (
    SELECT
        kind AS category,
        CASE
            WHEN delivered IS NULL THEN 'not_billed'
            WHEN kind = 'service' OR (kind = 'utility' AND coalesce(open, false)) THEN 'free'
            ELSE 'charged'
        END AS verdict
    FROM seen
    WHERE kind <> 'in'
)
SELECT
    'pmp-2025-07' AS regime,
    category,
    verdict,
    CASE verdict WHEN 'not_billed' THEN 'not_delivered' WHEN 'free' THEN 'free_customer_service' ELSE '' END AS reason,
    count(*) AS messages
FROM judged
GROUP BY ALL;
