"""The pages: blueprints, templates, static files. Not for deciding anything: layers below do."""
