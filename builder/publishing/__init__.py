"""From a draft to a version: its page with checks, burden, impact and admission, and the catalogue of forms."""
