-- When the source changed a forecast, in milliseconds: of two of one day the newer one stays.
ALTER TABLE forecasts ADD COLUMN updated INTEGER NOT NULL DEFAULT 0;
