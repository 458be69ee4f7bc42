"""Write-offs: loans that a committee takes off the books; their customers still owe them."""
