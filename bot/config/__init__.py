"""`config.yml`, typed and closed; nothing here is a global: whoever needs a value is handed it."""

from bot.config.calendar import imported_notices, notices_of, work_calendar
from bot.config.config import Config
from bot.config.load import ConfigError, default_path, load_config

__all__ = ["Config", "ConfigError", "default_path", "imported_notices", "load_config", "notices_of", "work_calendar"]
