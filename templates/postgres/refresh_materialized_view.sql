REFRESH MATERIALIZED VIEW {{ online }}{{ view }}{% if let Some(filling) = filling %} {{ filling }}{% endif %};
