"""What Yibiao spares its users: months lived over again, and the burden of a site. Not for filling itself."""
