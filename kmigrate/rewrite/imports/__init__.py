"""How import statements change: in place, in the user's style, nothing moved, nothing left over that we caused."""
