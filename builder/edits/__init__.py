"""Pure steps on a form's document: what differs, what follows, what it is called. Not for drafts, requests or pages."""
