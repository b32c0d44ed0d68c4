"""What is made of httpx's own classes; imported with httpx, which is late."""
