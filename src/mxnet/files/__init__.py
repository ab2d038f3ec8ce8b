"""Files: reading formats that may be damaged, writing whole or not at all. It knows raw arrays only, and no operator."""
