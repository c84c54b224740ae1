"""Courses: sessions of one client weeks apart, as pure functions over what was treated before."""
