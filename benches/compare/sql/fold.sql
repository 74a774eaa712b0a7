-- The rules of rules.py, each chat folded by list_reduce: its windows in the order of sending, its conversations in the order of
-- delivery. A conversation is anchored at the message that opened it, so no window function can find it.
WITH chats AS (
    SELECT
        list({'at': sent, 'kind': kind, 'lost': delivered IS NULL} ORDER BY sent, direction, message_id) AS by_sending,
        list({'at': delivered, 'kind': kind} ORDER BY delivered, sent, message_id)
            FILTER (kind <> 'in' AND delivered IS NOT NULL) AS by_delivery
    FROM log
    GROUP BY phone_number_id, customer_id
), folded AS (
    SELECT
        list_reduce(by_sending, lambda chat, message: {
            'closes': CASE WHEN message.kind = 'in' THEN message.at + 86400 ELSE chat.closes END,
            'marketing': chat.marketing + (message.kind = 'marketing' AND NOT message.lost)::INT,
            'authentication': chat.authentication + (message.kind = 'authentication' AND NOT message.lost)::INT,
            'utility': chat.utility + (message.kind = 'utility' AND NOT message.lost AND message.at >= chat.closes)::INT,
            'utility_free': chat.utility_free + (message.kind = 'utility' AND NOT message.lost AND message.at < chat.closes)::INT,
            'service': chat.service + (message.kind = 'service' AND NOT message.lost)::INT,
            'marketing_lost': chat.marketing_lost + (message.kind = 'marketing' AND message.lost)::INT,
            'authentication_lost': chat.authentication_lost + (message.kind = 'authentication' AND message.lost)::INT,
            'utility_lost': chat.utility_lost + (message.kind = 'utility' AND message.lost)::INT,
            'service_lost': chat.service_lost + (message.kind = 'service' AND message.lost)::INT
        }, {
            'closes': 0::BIGINT, 'marketing': 0, 'authentication': 0, 'utility': 0, 'utility_free': 0, 'service': 0,
            'marketing_lost': 0, 'authentication_lost': 0, 'utility_lost': 0, 'service_lost': 0
        }) AS pmp,
        list_reduce(by_delivery, lambda chat, message: {
            'marketing_ends': CASE WHEN message.kind = 'marketing' AND message.at >= chat.marketing_ends
                THEN message.at + 86400 ELSE chat.marketing_ends END,
            'authentication_ends': CASE WHEN message.kind = 'authentication' AND message.at >= chat.authentication_ends
                THEN message.at + 86400 ELSE chat.authentication_ends END,
            'utility_ends': CASE WHEN message.kind = 'utility' AND message.at >= chat.utility_ends
                THEN message.at + 86400 ELSE chat.utility_ends END,
            'service_ends': CASE WHEN message.kind = 'service' AND message.at >= greatest(
                    chat.marketing_ends, chat.authentication_ends, chat.utility_ends, chat.service_ends)
                THEN message.at + 86400 ELSE chat.service_ends END,
            'marketing': chat.marketing + (message.kind = 'marketing' AND message.at >= chat.marketing_ends)::INT,
            'authentication':
                chat.authentication + (message.kind = 'authentication' AND message.at >= chat.authentication_ends)::INT,
            'utility': chat.utility + (message.kind = 'utility' AND message.at >= chat.utility_ends)::INT,
            'service': chat.service + (message.kind = 'service' AND message.at >= greatest(
                chat.marketing_ends, chat.authentication_ends, chat.utility_ends, chat.service_ends))::INT
        }, {
            'marketing_ends': 0::BIGINT, 'authentication_ends': 0::BIGINT, 'utility_ends': 0::BIGINT, 'service_ends': 0::BIGINT,
            'marketing': 0, 'authentication': 0, 'utility': 0, 'service': 0
        }) AS cbp
    FROM chats
), total AS (
    SELECT
        sum(pmp.marketing) AS m, sum(pmp.authentication) AS a, sum(pmp.utility) AS u, sum(pmp.utility_free) AS u_free,
        sum(pmp.service) AS s, sum(pmp.marketing_lost) AS m_lost, sum(pmp.authentication_lost) AS a_lost,
        sum(pmp.utility_lost) AS u_lost, sum(pmp.service_lost) AS s_lost,
        sum(cbp.marketing) AS m_opens, sum(cbp.authentication) AS a_opens, sum(cbp.utility) AS u_opens, sum(cbp.service) AS s_opens
    FROM folded
)
SELECT unnest([
    {'regime': 'pmp-2025-07', 'category': 'marketing', 'verdict': 'charged', 'reason': '', 'messages': m},
    {'regime': 'pmp-2025-07', 'category': 'authentication', 'verdict': 'charged', 'reason': '', 'messages': a},
    {'regime': 'pmp-2025-07', 'category': 'utility', 'verdict': 'charged', 'reason': '', 'messages': u},
    {'regime': 'pmp-2025-07', 'category': 'utility', 'verdict': 'free', 'reason': 'free_customer_service', 'messages': u_free},
    {'regime': 'pmp-2025-07', 'category': 'service', 'verdict': 'free', 'reason': 'free_customer_service', 'messages': s},
    {'regime': 'pmp-2025-07', 'category': 'marketing', 'verdict': 'not_billed', 'reason': 'not_delivered', 'messages': m_lost},
    {'regime': 'pmp-2025-07', 'category': 'authentication', 'verdict': 'not_billed', 'reason': 'not_delivered', 'messages': a_lost},
    {'regime': 'pmp-2025-07', 'category': 'utility', 'verdict': 'not_billed', 'reason': 'not_delivered', 'messages': u_lost},
    {'regime': 'pmp-2025-07', 'category': 'service', 'verdict': 'not_billed', 'reason': 'not_delivered', 'messages': s_lost},
    {'regime': 'cbp-2024-11', 'category': 'marketing', 'verdict': 'charged', 'reason': '', 'messages': m_opens},
    {'regime': 'cbp-2024-11', 'category': 'authentication', 'verdict': 'charged', 'reason': '', 'messages': a_opens},
    {'regime': 'cbp-2024-11', 'category': 'utility', 'verdict': 'charged', 'reason': '', 'messages': u_opens},
    {'regime': 'cbp-2024-11', 'category': 'service', 'verdict': 'free', 'reason': 'service_free', 'messages': s_opens},
    {'regime': 'cbp-2024-11', 'category': 'marketing', 'verdict': 'covered', 'reason': '', 'messages': m - m_opens},
    {'regime': 'cbp-2024-11', 'category': 'authentication', 'verdict': 'covered', 'reason': '', 'messages': a - a_opens},
    {'regime': 'cbp-2024-11', 'category': 'utility', 'verdict': 'covered', 'reason': '', 'messages': u + u_free - u_opens},
    {'regime': 'cbp-2024-11', 'category': 'service', 'verdict': 'covered', 'reason': '', 'messages': s - s_opens},
    {'regime': 'cbp-2024-11', 'category': 'marketing', 'verdict': 'not_billed', 'reason': 'not_delivered', 'messages': m_lost},
    {'regime': 'cbp-2024-11', 'category': 'authentication', 'verdict': 'not_billed', 'reason': 'not_delivered', 'messages': a_lost},
    {'regime': 'cbp-2024-11', 'category': 'utility', 'verdict': 'not_billed', 'reason': 'not_delivered', 'messages': u_lost},
    {'regime': 'cbp-2024-11', 'category': 'service', 'verdict': 'not_billed', 'reason': 'not_delivered', 'messages': s_lost}
], recursive := true)
FROM total;
