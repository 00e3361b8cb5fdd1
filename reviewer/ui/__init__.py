"""The Qt windows. Nothing else imports PySide6."""
