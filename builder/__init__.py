"""The web builder: where designers and stewards see and change forms. It comes in as a plugin."""
