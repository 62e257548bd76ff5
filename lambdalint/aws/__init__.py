"""What AWS is: facts as data, each with its source and date. Nothing here knows of templates or code."""
