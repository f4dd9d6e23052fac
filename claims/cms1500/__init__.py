"""The CMS-1500 (02/12) for payers that want paper: what is in each box, where the box is, and what to print."""
