"""What a tile says and how it looks: the contract both sides speak, layout, drawing, templates."""
